import type { FileBlock as File } from '@slack/types';

/** A remote file's card: its name is all that is known of it here. */
export function FileBlock({ block }: { block: File }) {
  return (
    <p className="file">
      <span className="file-words">{block.external_id}</span>
    </p>
  );
}
