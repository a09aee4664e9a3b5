import type { InputBlock as Input } from '@slack/types';
import { useId } from 'react';
import { useBlockForm } from '../elements/block-form-context.ts';
import { Element } from '../elements/element.tsx';
import { PlainText } from '../text/mrkdwn-text.tsx';

/** A labelled input with its hint and, after a refusal, what is wrong with it. */
export function InputBlock({ block }: { block: Input }) {
  const id = useId();
  const error = useBlockForm().errors[block.block_id ?? ''];
  const describedBy = [error === undefined ? null : `${id}e`, block.hint === undefined ? null : `${id}h`].filter(
    (part) => part !== null,
  );
  return (
    <div className={error === undefined ? 'block-input' : 'block-input block-input-wrong'}>
      <span id={`${id}l`} className="input-label">
        <PlainText text={block.label.text} />
        {block.optional === true && <span className="optional"> (optional)</span>}
      </span>
      <Element
        element={block.element}
        blockId={block.block_id ?? ''}
        dispatches={block.dispatch_action === true}
        labelledBy={`${id}l`}
        describedBy={describedBy.length === 0 ? undefined : describedBy.join(' ')}
        invalid={error !== undefined}
      />
      {error !== undefined && (
        <p id={`${id}e`} className="problem" role="alert">
          {error}
        </p>
      )}
      {block.hint !== undefined && (
        <p id={`${id}h`} className="hint">
          <PlainText text={block.hint.text} />
        </p>
      )}
    </div>
  );
}
