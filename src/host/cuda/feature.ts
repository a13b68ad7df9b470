import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Deferred, onAbort } from '../../common/async';
import { cancelled, isCancelled, toAppError } from '../../common/errors';
import type { Logger } from '../../common/logger';
import { describeLibrary } from '../../cuda/products';
import { Command, Setting, SETTING_SECTION } from '../ids';
import type { Notices } from '../notices';
import { withDelayedProgress } from '../progress';
import type { TranslationService } from '../translation';
import { deviceName } from '../words';
import { type CudaPlaces, cudaSetup, NO_CUDA, readFacts } from './places';
import type { CudaSupport, InstallHooks } from './support';

type Outcome = 'installed' | 'cancelled' | 'failed' | 'notHere';

export interface CudaDeps {
  readonly context: vscode.ExtensionContext;
  readonly notices: Notices;
  readonly logger: Logger;
  /** What the engine found devices to be: of no use once their libraries are others. */
  readonly verdictFile: string;
}

/** The commands around CUDA support, and what the engine's process must be started with for it. */
export class CudaFeature {
  private readonly places: CudaPlaces;
  private setup = NO_CUDA;
  private busy = false;

  constructor(private readonly deps: CudaDeps) {
    const { context } = deps;
    const binding = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';
    this.places = {
      root: join(context.globalStorageUri.fsPath, 'cuda'),
      binding: context.asAbsolutePath(binding),
      facts: context.asAbsolutePath('dist/cuda.json'),
    };
  }

  /** Variables for each start of the engine, as of the last installation. */
  async environment(): Promise<() => Readonly<Record<string, string>>> {
    await this.refresh();
    return () => this.setup.variables;
  }

  /** `choice`, for a key binding: 'download' or the path of an archive; otherwise the user is asked. */
  async install(service: TranslationService, choice: unknown): Promise<Outcome> {
    if (!isLinuxX64()) {
      this.deps.notices.info(
        vscode.l10n.t(
          'CUDA support is for Linux on x64. Select Device shows what this machine has.',
        ),
      );
      return 'notHere';
    }
    if (this.busy) return 'cancelled';
    this.busy = true;
    try {
      const from = typeof choice === 'string' ? choice : await this.pick();
      if (from === undefined) return 'cancelled';
      const { CudaSupport } = await import('./support');
      const support = new CudaSupport(this.places);
      await this.bring(support, from);
      await this.begin(service);
      return 'installed';
    } catch (error) {
      return this.failed(error);
    } finally {
      this.busy = false;
    }
  }

  /** Whether there was anything to remove; undefined where that failed. */
  async remove(service: TranslationService): Promise<boolean | undefined> {
    try {
      const { CudaSupport } = await import('./support');
      const removed = await new CudaSupport(this.places).remove();
      if (removed) await this.restart(service);
      this.deps.notices.info(
        removed
          ? vscode.l10n.t('CUDA support was removed.')
          : vscode.l10n.t('No CUDA support is installed.'),
      );
      return removed;
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  private async pick(): Promise<string | undefined> {
    const { package: name, version } = await readFacts(this.places);
    const mirror = readMirror();
    const download = {
      label: `$(cloud-download) ${vscode.l10n.t('Download')}`,
      description: `${name} ${version}`,
      detail: mirror === '' ? vscode.l10n.t("From the runtime's own package feed") : mirror,
    };
    const archive = {
      label: `$(file-zip) ${vscode.l10n.t('Choose an archive on this machine...')}`,
      detail: '.nupkg, .whl, .zip, .tgz',
    };
    const title = vscode.l10n.t('Headlight: Install CUDA Support');
    const chosen = await vscode.window.showQuickPick([download, archive], { title });
    if (chosen === download) return 'download';
    if (chosen === undefined) return undefined;
    const files = await vscode.window.showOpenDialog({
      title,
      filters: { [vscode.l10n.t('Archives')]: ['nupkg', 'whl', 'zip', 'tgz', 'gz'] },
    });
    return files?.[0]?.fsPath;
  }

  private async bring(support: CudaSupport, from: string): Promise<void> {
    const run = (title: string, work: (hooks: InstallHooks) => Promise<unknown>) =>
      withDelayedProgress(
        title,
        (signal, report) =>
          work({ signal, onProgress: (done, total) => report({ done, total }), confirm: ask }),
        megabytesDone,
      );
    if (from === 'download')
      await run(vscode.l10n.t('Downloading CUDA support'), (hooks) =>
        support.fetch(readMirror(), hooks),
      );
    else
      await run(vscode.l10n.t('Installing CUDA support'), (hooks) =>
        support.takeArchive(from, hooks),
      );
  }

  /** Starts the engine anew with what was installed, and says what came of it. */
  private async begin(service: TranslationService): Promise<void> {
    await this.restart(service);
    const { missing } = this.setup;
    if (missing.length > 0) {
      this.deps.notices.info(
        vscode.l10n.t(
          'CUDA support is installed, but libraries that it needs are missing on this machine, so Headlight goes on without it: {0}.',
          missing.map(describeLibrary).join('; '),
        ),
        [diagnosticsButton()],
      );
      return;
    }
    const model = await withDelayedProgress(vscode.l10n.t('Loading the model'), (signal) =>
      service.ensureLoaded(signal),
    );
    this.deps.notices.info(
      model.device === 'cuda'
        ? vscode.l10n.t(
            'CUDA support is installed. Headlight translates on {0}.',
            deviceName('cuda'),
          )
        : vscode.l10n.t(
            'CUDA support is installed. Headlight translates on {0}; the diagnostics say why.',
            deviceName(model.device),
          ),
      [diagnosticsButton()],
    );
  }

  /** What is under way comes to its end first. */
  private async restart(service: TranslationService): Promise<void> {
    await this.refresh();
    await withDelayedProgress(
      vscode.l10n.t('Waiting for the translation to end before the engine starts anew'),
      (signal) => untilIdle(service, signal),
    );
    await service.restartEngine();
    await rm(this.deps.verdictFile, { force: true });
  }

  private async refresh(): Promise<void> {
    try {
      this.setup = isLinuxX64() ? await cudaSetup(this.places) : NO_CUDA;
    } catch (error) {
      // Without CUDA, but with the CPU.
      this.setup = NO_CUDA;
      this.deps.logger.log('warn', `CUDA support: ${toAppError(error).message}`);
    }
  }

  private failed(error: unknown): Outcome {
    if (isCancelled(error)) return 'cancelled';
    const { code, message } = toAppError(error);
    this.deps.logger.log('error', `CUDA support: ${code}: ${message}`);
    this.deps.notices.error(error);
    return 'failed';
  }
}

function isLinuxX64(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

function readMirror(): string {
  const value = vscode.workspace.getConfiguration(SETTING_SECTION).get(Setting.cudaMirror);
  return typeof value === 'string' ? value.trim() : '';
}

/** The libraries run as programs of the user's: who cannot be told what they are must say that they trust them. */
async function ask(source: string, sha256: string): Promise<boolean> {
  const install = vscode.l10n.t('Install');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'Nobody states what this archive must be. Install it only if you trust its source.',
    ),
    { modal: true, detail: `${source}\n\nSHA-256: ${sha256}` },
    install,
  );
  return chosen === install;
}

function untilIdle(service: TranslationService, signal: AbortSignal): Promise<void> {
  const idle = new Deferred<void>();
  const look = () => {
    if (service.state.phase !== 'busy' && service.state.phase !== 'loading') idle.resolve();
  };
  const follow = service.onState(look);
  const detach = onAbort(signal, () => idle.reject(cancelled()));
  look();
  return idle.promise.finally(() => {
    follow.dispose();
    detach();
  });
}

function diagnosticsButton(): { label: string; run: () => unknown } {
  return {
    label: vscode.l10n.t('Run Diagnostics'),
    run: () => vscode.commands.executeCommand(Command.runDiagnostics),
  };
}

function megabytesDone(done: number, total: number): string {
  const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);
  return vscode.l10n.t('{0} of {1} MB', megabytes(done), megabytes(total));
}
