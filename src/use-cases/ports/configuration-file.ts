import type { FileContent } from '../../domain/configuration/file-content.ts';
import type { AppliedFile } from '../../domain/configuration/file-turn.ts';

/** What starts applied of `towpath.yaml`, each change of it under a number. */
export interface ConfigurationFileReader {
  newest(): Promise<AppliedFile | null>;
  /** Number of the last time that this content was applied. */
  findNumber(hash: string): Promise<number | null>;
  /** What the newest says. Null: no start applied anything yet. */
  content(): Promise<FileContent | null>;
}
export interface ConfigurationFileWriter {
  /** Takes the content of the one before away, which nobody reads any more. Its caller holds the workspace (`workspace.ensure`). */
  append(file: AppliedFile & { content: FileContent; forced: boolean }): Promise<void>;
  /** The newest says this from now on: what a release reads in one and the same file may be more than another one did. */
  saveContent(content: FileContent): Promise<void>;
  /** As `content`; no start applies another one until this transaction ends. Take it before locks on environments. */
  contentHeld(): Promise<FileContent | null>;
}
