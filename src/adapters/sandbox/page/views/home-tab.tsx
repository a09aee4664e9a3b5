import type { HomeView } from '@slack/types';
import { useEffect, useState } from 'react';
import { BlockList } from '../blocks/block-list.tsx';
import { BlockForm } from '../elements/block-form.tsx';
import { NotDoneError, sendHomeOpened } from '../send.ts';
import { useWorkspace } from '../workspace-context.ts';

/** The bot's App Home. Opening it tells the bot, which then publishes what it wants to show there. */
export function HomeTab({ home }: { home: HomeView | null }) {
  const { me, bot } = useWorkspace();
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setProblem(null);
    sendHomeOpened({ as: me.id }).catch((error: unknown) => {
      setProblem(error instanceof NotDoneError ? error.message : 'The tab could not be opened. Try again.');
    });
  }, [me.id]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable without a mouse
    <section className="home-tab" aria-label={`${bot?.realName ?? 'App'} home`} tabIndex={0}>
      <div className="home-inner">
        {problem !== null && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        {home === null ? (
          <p className="home-empty">{problem === null ? 'Nothing here yet.' : ''}</p>
        ) : (
          <BlockForm container={{ type: 'home' }} blocks={home.blocks}>
            <BlockList blocks={home.blocks} />
          </BlockForm>
        )}
      </div>
    </section>
  );
}
