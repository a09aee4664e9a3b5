import type { WorkflowDiff } from '../../domain/diff/diff-definitions.ts';
import type { Picture } from '../../domain/diff/picture/draw-picture.ts';
import type { Definition } from '../../domain/workflow/definition.ts';

/** Makes pictures that every client shows, beside the event loop. */
export interface Pictures {
  /** `drawPicture` where a large workflow holds nobody up. */
  draw(before: Definition | null, after: Definition, diff: WorkflowDiff): Promise<Picture | null>;
  /**
   * A PNG of the size that the SVG states, by the fonts that Towpath brings along. Characters in none of them (emoji) are left out.
   * @throws Error where the SVG is none, or takes too long
   */
  png(svg: string): Promise<Uint8Array>;
}

/** Two versions by their ids; `from` is null where `to` is the first. */
export interface VersionPair {
  readonly from: string | null;
  readonly to: string;
}

/** The picture of what lies between two versions, as Slack has it. */
export type DiffPicture = { readonly attempts: number } & (
  | { readonly state: 'drawing' }
  /** `uploading`: whether the file is there is unknown. */
  | { readonly state: 'uploading' | 'ready'; readonly fileId: string; readonly alt: string }
  /** There is nothing to see, or it could not be brought to Slack. */
  | { readonly state: 'none' | 'failed' }
);

export type PictureChange =
  | { readonly state: 'uploading' | 'ready'; readonly fileId: string; readonly alt: string }
  | { readonly state: 'none' }
  | { readonly state: 'failed'; readonly error: string };

export interface PictureReader {
  /** Null where nobody asked for it yet. */
  find(pair: VersionPair): Promise<DiffPicture | null>;
}

export interface PictureWriter {
  /** Writes the job that brings a promotion's picture to its cards; waiting ones merge. Those of one workflow run one after the other. */
  ask(promotionId: string): Promise<void>;
  /** Counts one more attempt. Returns what it finds. */
  begin(pair: VersionPair): Promise<DiffPicture>;
  save(pair: VersionPair, change: PictureChange): Promise<void>;
}
