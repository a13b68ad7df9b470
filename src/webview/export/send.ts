import type { AttentionRun } from '../../protocol/attentionRun';
import type { PanelToHost } from '../../protocol/panel';
import type { PanelState } from '../../protocol/panelState';
import { byteChunks, textChunks } from './chunks';
import { csvText } from './csv';
import { jsonText } from './json';
import { manifestLines, manifestOf, type Manifest } from './manifest';
import type { ExportRequest } from './menu';
import { withPngText } from './png';
import { withSvgMetadata } from './svg';

interface ExportFile {
  readonly name: string;
  readonly data: string | Uint8Array;
}

/** Makes the files of a format and hands them to the host, which asks where to save them. */
export async function sendExport(
  run: AttentionRun,
  state: PanelState,
  request: ExportRequest,
  post: (message: PanelToHost) => void,
): Promise<void> {
  const { format } = request;
  for (const { name, data } of await makeFiles(manifestOf(run, state), request)) {
    const parts = typeof data === 'string' ? textChunks(data) : byteChunks(data);
    parts.forEach((part, chunk) => {
      const head = { runId: run.runId, format, name, chunk, chunks: parts.length };
      post({ type: 'export', ...head, data: part });
    });
  }
}

async function makeFiles(manifest: Manifest, request: ExportRequest): Promise<ExportFile[]> {
  const { parts, format, scale, omitText } = request;
  const options = { omitText };
  const name = fileStem(manifest);
  switch (format) {
    case 'png': {
      const blob = await parts.png?.(scale, options);
      if (!blob) return [];
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return [{ name, data: withPngText(bytes, 'Headlight', JSON.stringify(manifest)) }];
    }
    case 'svg': {
      const svg = parts.svg?.(options);
      return svg === undefined ? [] : [{ name, data: withSvgMetadata(svg, manifest) }];
    }
    case 'json':
      return parts.json ? [{ name, data: jsonText(manifest, parts.json(options)) }] : [];
    case 'csv':
      return (parts.csv?.(options) ?? []).map((table) => ({
        name: `${name}-${table.name}`,
        data: csvText(manifestLines(manifest), table),
      }));
    case 'pharaoh': {
      const line = parts.pharaoh?.();
      return line === undefined ? [] : [{ name, data: `${line}\n` }];
    }
  }
}

/** `headlight-cross-3.5-1a2b3c4d`: a Pharaoh file has no place for more than its name says. */
export function fileStem({ view, kind, heads, model }: Manifest): string {
  const place = view === 'matrix' || view === 'text' ? `${kind}-${heads.join('-')}` : view;
  return `headlight-${place}-${model.sha256.slice(0, 8)}`;
}
