import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may go wrong with one answer; counted down where it says how often. */
export interface Fault {
  /** Sends so many bytes of the body and then nothing more. */
  readonly hangAfter?: number;
  readonly status?: number;
  /** States a length that is not the body's. */
  readonly contentLength?: number;
  times: number;
}

export interface FileServer {
  readonly base: string;
  readonly files: Map<string, Buffer>;
  readonly faults: Map<string, Fault>;
  /** `GET /path` with the range asked for, in order. */
  readonly requests: string[];
  /** Breaks every connection. */
  cut(): void;
  close(): Promise<void>;
}

/** Serves files from memory with ETags and ranges, on this machine only. `validators`: whether it says which file it is. */
export async function serveFiles(validators = true): Promise<FileServer> {
  const files = new Map<string, Buffer>();
  const faults = new Map<string, Fault>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const { range } = request.headers;
    requests.push(range === undefined ? path : `${path} ${range}`);
    answer(request, response, path);
  });
  const answer = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const fault = faults.get(path);
    const active = fault && fault.times > 0 ? fault : undefined;
    if (active) active.times--;
    const file = files.get(path);
    if (active?.status !== undefined || !file) {
      response.writeHead(active?.status ?? 404).end();
      return;
    }
    const etag = `"${createHash('sha256').update(file).digest('hex').slice(0, 16)}"`;
    if (validators) response.setHeader('ETag', etag);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? NaN);
    const partial = !Number.isNaN(from) && request.headers['if-range'] === etag;
    const body = partial ? file.subarray(from) : file;
    if (partial)
      response.setHeader('Content-Range', `bytes ${from}-${file.length - 1}/${file.length}`);
    response.setHeader('Content-Length', active?.contentLength ?? body.length);
    response.writeHead(partial ? 206 : 200);
    if (active?.hangAfter === undefined) response.end(body);
    else response.write(body.subarray(0, active.hangAfter));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    files,
    faults,
    requests,
    cut: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
