import type { ContextBlock as Context } from '@slack/types';
import { TextObject } from '../text/text-object.tsx';
import { BlockImage } from './image-block.tsx';

/** Small print: texts and little images in a row. */
export function ContextBlock({ block }: { block: Context }) {
  return (
    <div className="block-context">
      {block.elements.map((element, at) =>
        element.type === 'image' ? (
          <BlockImage key={`${at}image`} image={element} className="context-image" />
        ) : (
          <div key={`${at}${element.type}`} className="context-text"><TextObject text={element} /></div>
        ),
      )}
    </div>
  );
}
