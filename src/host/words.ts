import * as vscode from 'vscode';
import type { AppError, ErrorCode } from '../common/errors';
import type { DeviceChoice, KeptReason, Language, TargetLanguage } from '../protocol/engine';
import type { EditRefusal } from './results';
import type { Phase } from './translation';

/** The sentences people read; nothing below the host makes any. */

export function languageName(language: Language): string {
  return language === 'ko' ? vscode.l10n.t('Korean') : vscode.l10n.t('English');
}

export function directionName(target: TargetLanguage): string {
  switch (target) {
    case 'auto':
      return vscode.l10n.t('Korean to English, everything else to Korean');
    case 'ko':
      return vscode.l10n.t('To Korean');
    case 'en':
      return vscode.l10n.t('To English');
  }
}

export function deviceName(device: DeviceChoice): string {
  switch (device) {
    case 'auto':
      return vscode.l10n.t('Automatic');
    case 'cpu':
      return vscode.l10n.t('Processor (CPU)');
    case 'cuda':
      return 'NVIDIA CUDA';
    case 'dml':
      return 'DirectML';
    case 'coreml':
      return 'Core ML';
    case 'webgpu':
      return 'WebGPU';
  }
}

export function phaseName(phase: Phase): string {
  switch (phase) {
    case 'off':
      return vscode.l10n.t('Not loaded yet; the first translation loads the model');
    case 'loading':
      return vscode.l10n.t('Loading the model');
    case 'ready':
      return vscode.l10n.t('Ready');
    case 'busy':
      return vscode.l10n.t('Translating');
    case 'unloaded':
      return vscode.l10n.t('Unloaded; the next translation loads the model again');
    case 'failed':
      return vscode.l10n.t('The last call failed');
  }
}

export function keptSentence(reason: KeptReason, count: number): string {
  switch (reason) {
    case 'noText':
      return vscode.l10n.t('Left as it was ({0}): nothing to translate.', count);
    case 'alreadyTarget':
      return vscode.l10n.t('Left as it was ({0}): already in the target language.', count);
    case 'spanLost':
      return vscode.l10n.t(
        'Left as it was ({0}): the model lost a code span or placeholder of the sentence.',
        count,
      );
    case 'numberChanged':
      return vscode.l10n.t('Left as it was ({0}): the model changed a number.', count);
    case 'repeated':
      return vscode.l10n.t('Left as it was ({0}): the model repeated itself.', count);
    case 'runaway':
      return vscode.l10n.t('Left as it was ({0}): the translation did not end.', count);
    case 'noOutput':
      return vscode.l10n.t('Left as it was ({0}): the model had no translation for it.', count);
    case 'tooLong':
      return vscode.l10n.t('Left as it was ({0}): the sentence is too long for the model.', count);
  }
}

export function refusalSentence(refusal: EditRefusal): string {
  return refusal === 'changed'
    ? vscode.l10n.t('The text was edited after it was translated, so nothing was changed.')
    : vscode.l10n.t('This document is read-only, so nothing was changed.');
}

/** Cause and next step. `cancelled` has no sentence: it is never shown. */
export function errorSentence(error: AppError): string {
  return sentenceOf(error.code, error);
}

function sentenceOf(code: ErrorCode, error: AppError): string {
  switch (code) {
    case 'cancelled':
      return vscode.l10n.t('Cancelled.');
    case 'modelNotFound':
      return vscode.l10n.t(
        'A file of the model is missing: {0}. Check the setting headlight.model.path; if it is empty, reinstall Headlight.',
        pathOf(error),
      );
    case 'modelConfigInvalid':
      return vscode.l10n.t(
        'The config.json of the model does not describe a Transformer that Headlight can run ({0}). Choose another model folder.',
        String(error.data['field'] ?? '?'),
      );
    case 'modelWeightsInvalid':
      return vscode.l10n.t(
        'The weights of the model are damaged or do not fit its config.json. Copy model.safetensors again, or reinstall Headlight.',
      );
    case 'tokenizerInvalid':
      return vscode.l10n.t(
        'The tokenizer.json of the model is missing or damaged. Copy it again, or reinstall Headlight.',
      );
    case 'textTooLong':
      return vscode.l10n.t(
        'The text is too long for the model and has no place to split it. Select less text.',
      );
    case 'deviceUnavailable':
      return vscode.l10n.t(
        'The chosen device cannot be used on this machine. Select another one, or run the diagnostics to see why.',
      );
    case 'engineStartFailed':
      return vscode.l10n.t(
        'The translation engine could not be started. The log has its last words; reinstall Headlight if it keeps happening.',
      );
    case 'engineDied':
      return vscode.l10n.t(
        'The translation engine ended unexpectedly, and again after a restart. Try again; if it keeps happening, select the CPU as device.',
      );
    case 'engineProtocol':
      return vscode.l10n.t(
        'The translation engine answered in a way Headlight does not understand. Reload the window, or reinstall Headlight.',
      );
    case 'engineTimeout':
      return vscode.l10n.t(
        'The translation engine did not answer in time and was stopped. Try again with less text or another device.',
      );
    case 'inferenceFailed':
      return vscode.l10n.t(
        'The device failed while translating. Try again; if it keeps happening, select the CPU as device.',
      );
    case 'invalidArgument':
      return vscode.l10n.t(
        'A setting has a value the engine does not accept. The log says which; check the Headlight settings.',
      );
    case 'downloadFailed':
      return vscode.l10n.t(
        'The download did not succeed ({0}). Headlight goes on with the processor. Run the command again to go on where it stopped, set headlight.cudaMirror, or choose an archive that you already have.',
        String(error.data['status'] ?? error.data['detail'] ?? '?'),
      );
    case 'archiveInvalid':
      return archiveSentence(error);
    case 'noSpace':
      return vscode.l10n.t(
        'There is not enough room in {0}: {1} MB are needed and {2} MB are free.',
        pathOf(error),
        megabytes(error.data['needed']),
        megabytes(error.data['free']),
      );
    case 'internal':
      return vscode.l10n.t('Something went wrong inside Headlight. The log has the details.');
  }
}

function pathOf(error: AppError): string {
  return String(error.data['path'] ?? error.data['modelPath'] ?? '?');
}

function archiveSentence(error: AppError): string {
  const path = pathOf(error);
  switch (error.data['problem']) {
    case 'hash':
      return vscode.l10n.t(
        'The archive {0} is not the one that was announced: its SHA-256 differs. Nothing was installed.',
        path,
      );
    case 'version':
      return vscode.l10n.t(
        'The archive {0} is not for ONNX Runtime {1}, which this Headlight has. Nothing was installed.',
        path,
        String(error.data['version'] ?? '?'),
      );
    case 'incomplete':
      return vscode.l10n.t(
        'The archive {0} does not hold the CUDA libraries of ONNX Runtime for Linux x64. Nothing was installed.',
        path,
      );
    default:
      return vscode.l10n.t('The archive {0} cannot be read. Nothing was installed.', path);
  }
}

function megabytes(bytes: unknown): string {
  return typeof bytes === 'number' ? String(Math.ceil(bytes / 1024 / 1024)) : '?';
}
