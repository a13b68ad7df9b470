/** What a view hands over to be saved. Where it is from is added to every file; then it is sent to the host in pieces. */
export interface ExportOptions {
  /** Tokens are given by their numbers only. */
  readonly omitText: boolean;
}

/** Formats that a view has. A picture is drawn anew for each scale (device pixels per CSS pixel), not blown up. */
export interface ExportParts {
  readonly png?: (scale: 1 | 2 | 4, options: ExportOptions) => Promise<Blob>;
  readonly svg?: (options: ExportOptions) => string;
  /** Plain values; typed arrays become base64 with their type and shape named by `encodeArray`. */
  readonly json?: (options: ExportOptions) => unknown;
  readonly csv?: (options: ExportOptions) => readonly CsvTable[];
  readonly pharaoh?: () => string;
}

/** The first row is the header. */
export interface CsvTable {
  /** Part of the file's name: `matrix`, `top`, `metrics`. */
  readonly name: string;
  readonly rows: readonly (readonly (string | number)[])[];
}
