import type { ImageBlock as Image, ImageElement } from '@slack/types';
import { useState } from 'react';
import { PlainText } from '../text/mrkdwn-text.tsx';
import { useDialog } from '../use-dialog.ts';

/** A picture with its title above it. */
export function ImageBlock({ block }: { block: Image }) {
  return (
    <figure className="block-image">
      {block.title !== undefined && (
        <figcaption>
          <PlainText text={block.title.text} />
        </figcaption>
      )}
      <EnlargedOnTap image={block} />
    </figure>
  );
}

/** A picture in a message is small; a tap shows it as large as it is, with its words below. */
function EnlargedOnTap({ image }: { image: Image }) {
  const [isLarge, setLarge] = useState(false);
  return (
    <>
      <button type="button" className="enlarge" title="Enlarge" onClick={() => setLarge(true)}>
        <BlockImage image={image} className="picture" />
      </button>
      {isLarge && <LargeImage image={image} onClose={() => setLarge(false)} />}
    </>
  );
}

function LargeImage({ image, onClose }: { image: Image; onClose: () => void }) {
  const dialog = useDialog();
  return (
    <dialog ref={dialog} className="dialog large-image" aria-label={image.title?.text ?? 'Picture'} onClose={onClose}>
      <div className="large-image-scroll">
        <BlockImage image={image} className="large-picture" />
        <p className="hint">{image.alt_text}</p>
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </dialog>
  );
}

/** One picture; the sandbox loads nothing from elsewhere, so one that does not come shows its words. */
export function BlockImage({ image, className }: { image: Image | ImageElement; className: string }) {
  const [failed, setFailed] = useState(false);
  const address = addressOf(image);
  if (failed || address === null) return <span className="image-missing">{image.alt_text}</span>;
  return (
    <img className={className} src={address} alt={image.alt_text} loading="lazy" onError={() => setFailed(true)} />
  );
}

function addressOf(image: Image | ImageElement): string | null {
  if ('image_url' in image) return image.image_url;
  return 'url' in image.slack_file ? image.slack_file.url : `/sandbox/files/${encodeURIComponent(image.slack_file.id)}`;
}
