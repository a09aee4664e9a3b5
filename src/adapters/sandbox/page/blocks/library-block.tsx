import type { AnyBlock } from '@slack/types';
import { type Block, Message } from 'slack-blocks-to-jsx';
import { useWorkspace } from '../workspace-context.ts';

/** What the library draws without a callback, and draws right; anything else says so instead of showing nothing. */
const DRAWN = new Set(['markdown', 'card', 'carousel', 'container', 'plan', 'task_card']);

/** A passive block as slack-blocks-to-jsx draws it, in the page's own colours (see library.css). */
export function LibraryBlock({ block }: { block: AnyBlock }) {
  const { people, channels } = useWorkspace();
  if (!DRAWN.has(block.type)) return <p className="not-shown">The sandbox does not draw “{block.type}”.</p>;
  const users = [...people.values()].map(({ id, realName }) => ({ id, name: realName }));
  return (
    <Message
      blocks={[block as Block]}
      logo=""
      name=""
      withoutWrapper
      className="library-block"
      data={{ users, channels: [...channels.values()].map(({ id, name }) => ({ id, name })) }}
    />
  );
}
