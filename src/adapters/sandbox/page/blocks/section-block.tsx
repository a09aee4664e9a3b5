import type { SectionBlock as Section } from '@slack/types';
import { Element } from '../elements/element.tsx';
import { Clamped } from '../text/clamped.tsx';
import { TextObject } from '../text/text-object.tsx';
import { withKeys } from '../text/with-keys.ts';
import { BlockImage } from './image-block.tsx';

/** Text, fields in two columns, and one thing beside them. */
export function SectionBlock({ block }: { block: Section }) {
  const { text, fields, accessory } = block;
  const words =
    text !== undefined &&
    (block.expand === true ? (
      <TextObject text={text} />
    ) : (
      <Clamped text={text.text}>
        <TextObject text={text} />
      </Clamped>
    ));
  return (
    <div className="block-section">
      <div className="block-section-words">
        {words}
        {fields !== undefined && (
          <div className="block-fields">
            {withKeys(fields).map(({ key, item: field }) => (
              <div key={key} className="block-field">
                <TextObject text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory !== undefined && (
        <div className="block-accessory">
          {accessory.type === 'image' ? (
            <BlockImage image={accessory} className="accessory-image" />
          ) : (
            <Element element={accessory} blockId={block.block_id ?? ''} dispatches />
          )}
        </div>
      )}
    </div>
  );
}
