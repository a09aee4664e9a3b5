import type { HeaderBlock as Header } from '@slack/types';
import { useBlockForm } from '../elements/block-form-context.ts';
import { PlainText } from '../text/mrkdwn-text.tsx';

/** A heading, at the level that fits where it stands. */
export function HeaderBlock({ block }: { block: Header }) {
  const Heading = useBlockForm().heading;
  return (
    <Heading className="block-header" dir="auto">
      <PlainText text={block.text.text} />
    </Heading>
  );
}
