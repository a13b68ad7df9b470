import { AppError, cancelled, toAppError } from '../../common/errors';
import {
  anInteger,
  anObject,
  aString,
  arrayOf,
  optional,
  orElse,
  type Reader,
} from '../../protocol/shape';
import type { CudaFacts } from './places';

export interface ExpectedHash {
  readonly algorithm: 'sha256' | 'sha512';
  readonly hex: string;
}

export interface Offer {
  readonly url: string;
  readonly bytes?: number;
  /** Absent: nobody who can be trusted says what the archive is; a person must be asked. */
  readonly hash?: ExpectedHash;
}

const ARCHIVE = /\.(nupkg|whl|zip|tgz|tar\.gz)$/i;
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * Where the archive lies and what it must be. `mirror` is empty, the address of an archive, of a folder with the package under
 * its usual name, or of a feed of the same kind as the runtime's own (it ends in index.json).
 * Throws AppError downloadFailed, cancelled, invalidArgument for an address that is none.
 */
export async function findOffer(
  facts: CudaFacts,
  mirror: string,
  signal: AbortSignal,
): Promise<Offer> {
  if (mirror === '') return firstFeed(facts, facts.feeds, signal);
  const base = addressOf(mirror);
  if (base.pathname.endsWith('/index.json')) {
    const feeds = facts.feeds.map(({ version }) => ({ index: base.href, version }));
    return firstFeed(facts, feeds, signal);
  }
  const url = ARCHIVE.test(base.pathname) ? base.href : packageIn(base, facts);
  const hash = isSafe(base) ? await hashBeside(url, signal) : undefined;
  return { url, ...(hash ? { hash } : {}) };
}

/** What the first word of a `.sha256` file says, as sha256sum writes it. */
export function readHashFile(text: string): ExpectedHash | undefined {
  const [hex] = /^[0-9a-f]{64}(?![0-9a-f])/i.exec(text.trim()) ?? [];
  return hex === undefined ? undefined : { algorithm: 'sha256', hex: hex.toLowerCase() };
}

function packageIn(base: URL, { package: name, feeds, version }: CudaFacts): string {
  const file = `${name}.${feeds[0]?.version ?? version}.nupkg`.toLowerCase();
  return new URL(file, base.href.endsWith('/') ? base : `${base.href}/`).href;
}

async function firstFeed(
  facts: CudaFacts,
  feeds: CudaFacts['feeds'],
  signal: AbortSignal,
): Promise<Offer> {
  let failure: AppError | undefined;
  for (const feed of feeds) {
    try {
      return await offerOf(
        feed.index,
        facts.package.toLowerCase(),
        feed.version.toLowerCase(),
        signal,
      );
    } catch (error) {
      if (signal.aborted) throw error;
      failure ??= toAppError(error);
    }
  }
  throw failure ?? new AppError('downloadFailed', 'No feed is known.', { detail: 'no feed' });
}

const feedIndex = anObject({
  resources: arrayOf(anObject({ '@id': aString, '@type': aString }), 1000),
});
const leaf = anObject({ catalogEntry: optional(orElse(aString, undefined)) });
const catalogEntry = anObject({
  packageHash: aString,
  packageHashAlgorithm: aString,
  packageSize: optional(anInteger(0)),
});

/**
 * The package in a NuGet feed of version 3 (learn.microsoft.com/nuget/api): the index names the services, the registration of a
 * version names its catalog entry, which has the SHA-512 of the package in Base64.
 */
async function offerOf(
  index: string,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<Offer> {
  const { resources } = read(feedIndex, await getJson(addressOf(index).href, signal), index);
  const service = (...types: readonly string[]) => {
    const found = types
      .map((type) => resources.find((resource) => resource['@type'] === type))
      .find((resource) => resource !== undefined)?.['@id'];
    if (found === undefined) throw failed(index, { detail: `no ${types[0] ?? ''}` });
    return found.endsWith('/') ? found : `${found}/`;
  };
  const content = service('PackageBaseAddress/3.0.0');
  const registrations = service(
    'RegistrationsBaseUrl/3.6.0',
    'RegistrationsBaseUrl/3.4.0',
    'RegistrationsBaseUrl',
  );
  const registration = `${registrations}${name}/${version}.json`;
  const { catalogEntry: entryUrl } = read(leaf, await getJson(registration, signal), registration);
  // Feeds of other makers may have no catalog: then nobody says what the package must be.
  const entry =
    entryUrl === undefined
      ? undefined
      : read(catalogEntry, await getJson(entryUrl, signal), entryUrl);
  const safe = [index, registration, entryUrl ?? index].every((url) => isSafe(new URL(url)));
  const hash = entry && safe ? hashOf(entry.packageHash, entry.packageHashAlgorithm) : undefined;
  return {
    url: `${content}${name}/${version}/${name}.${version}.nupkg`,
    ...(entry?.packageSize === undefined ? {} : { bytes: entry.packageSize }),
    ...(hash ? { hash } : {}),
  };
}

/** An answer that is none of such a feed is a download that failed. */
function read<T>(reader: Reader<T>, value: unknown, url: string): T {
  try {
    return reader(value, url);
  } catch (error) {
    throw failed(url, { detail: toAppError(error).message });
  }
}

function hashOf(base64: string, algorithm: string): ExpectedHash | undefined {
  const hex = Buffer.from(base64, 'base64').toString('hex');
  if (/^sha-?512$/i.test(algorithm) && hex.length === 128) return { algorithm: 'sha512', hex };
  if (/^sha-?256$/i.test(algorithm) && hex.length === 64) return { algorithm: 'sha256', hex };
  return undefined;
}

/** Undefined if the server has none. */
async function hashBeside(url: string, signal: AbortSignal): Promise<ExpectedHash | undefined> {
  const response = await get(`${url}.sha256`, signal);
  if (response.status === 404) return undefined;
  if (!response.ok) throw failed(response.url, { status: response.status });
  return readHashFile(await response.text());
}

async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await get(url, signal);
  if (!response.ok) throw failed(url, { status: response.status });
  try {
    return await response.json();
  } catch (error) {
    throw signal.aborted ? cancelled() : failed(url, { detail: toAppError(error).message });
  }
}

async function get(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
  } catch (error) {
    throw signal.aborted ? cancelled() : failed(url, { detail: causeOf(error) });
  }
  if (isSafe(new URL(url)) && !isSafe(new URL(response.url)))
    throw failed(url, { detail: `sends to ${response.url}` });
  return response;
}

/** fetch says no more than that it failed; the reason is in its cause. */
export function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return code ?? toAppError(cause ?? error).message;
}

function failed(url: string, data: { status?: number; detail?: string }): AppError {
  const what = data.status ?? data.detail ?? '';
  return new AppError('downloadFailed', `${url}: ${what}`, { url, ...data });
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new AppError('invalidArgument', `${text} is no http or https address.`, { path: text });
}

/** Whether what is read there was written by its owner: nobody between can have changed it. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
