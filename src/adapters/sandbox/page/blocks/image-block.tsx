import type { ImageBlock as Image, ImageElement } from '@slack/types';
import { useState } from 'react';
import { PlainText } from '../text/mrkdwn-text.tsx';

/** A picture with its title above it. */
export function ImageBlock({ block }: { block: Image }) {
  return (
    <figure className="block-image">
      {block.title !== undefined && (
        <figcaption>
          <PlainText text={block.title.text} />
        </figcaption>
      )}
      <BlockImage image={block} className="picture" />
    </figure>
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
