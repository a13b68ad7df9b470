/** A term as the user wants it translated. It serves both directions. */
export interface GlossaryEntry {
  readonly term: string;
  /** Absent: the term stays as it is in both directions. */
  readonly translation?: string;
}
