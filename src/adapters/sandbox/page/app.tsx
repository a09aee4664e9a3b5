import { useCallback, useEffect, useMemo, useState } from 'react';
import type { SandboxChannel, SandboxState } from '../protocol.ts';
import { unreadOf } from './messages/conversation.ts';
import { ConversationView } from './messages/conversation-view.tsx';
import { showMessage } from './messages/show-message.ts';
import { ThreadPane } from './messages/thread-pane.tsx';
import { Banner } from './navigation/banner.tsx';
import { Sidebar } from './navigation/sidebar.tsx';
import { TopBar } from './navigation/top-bar.tsx';
import { useReadMarks } from './navigation/use-read-marks.ts';
import { type Place, permalinkTarget, type Whereabouts } from './place.ts';
import { usePlace } from './use-place.ts';
import { type Sandbox, useSandbox } from './use-sandbox.ts';
import { HomeTab } from './views/home-tab.tsx';
import { ModalStack } from './views/modal-stack.tsx';
import { type Workspace, WorkspaceContext } from './workspace-context.ts';

/** The message whose permalink opened the page. */
const ASKED_FOR = permalinkTarget(location.href, location.href);

/** The whole page. */
export function App() {
  const { place, go } = usePlace();
  const become = useCallback((as: string) => go({ as }, true), [go]);
  const sandbox = useSandbox(place.as, become);
  if (sandbox.state === null) {
    return (
      <main className="starting">
        <p role="status">{sandbox.problem ?? 'Opening the workspace…'}</p>
      </main>
    );
  }
  return <OpenWorkspace sandbox={sandbox} state={sandbox.state} place={place} go={go} />;
}

interface Props {
  sandbox: Sandbox;
  state: SandboxState;
  place: Place;
  go: (change: Partial<Place>) => void;
}

function OpenWorkspace({ sandbox, state, place, go: goTo }: Props) {
  const [listShown, setListShown] = useState(false);
  const go = useCallback(
    (change: Partial<Place>) => {
      if (change.at !== undefined) setListShown(false);
      goTo(change);
    },
    [goTo],
  );
  const workspace = useWorkspaceOf(state, go);
  const channel = channelAt(state, place.at);
  const at: Whereabouts =
    channel === null ? { kind: 'home' } : channel.kind === 'im' ? { kind: 'im' } : { kind: 'channel', id: channel.id };
  const read = useReadMarks(state.me.id, channel?.id ?? null, state.messages);
  const { team, me } = state;
  const hasNews = state.channels.some(
    (other) => other.id !== channel?.id && unreadOf(state.messages, other, me.id, read[other.id] ?? null).any,
  );
  useEffect(() => {
    document.title = `${channel === null ? 'Home' : channel.name} · ${me.realName} · ${team.name}`;
  }, [channel, me.realName, team.name]);
  useEffect(() => {
    if (ASKED_FOR?.ts) showMessage(ASKED_FOR.channel, ASKED_FOR.ts);
  }, []);
  const threadTs = channel === null ? null : place.threadTs;
  return (
    <WorkspaceContext value={workspace}>
      <div className="app" data-screen={listShown ? 'list' : threadTs === null ? 'place' : 'thread'}>
        <TopBar listShown={listShown} onToggleList={() => setListShown(!listShown)} hasNews={hasNews} />
        <Banner
          connected={sandbox.connected}
          problem={sandbox.problem}
          botReachable={state.botReachable}
          botName={workspace.bot?.realName ?? 'The bot'}
        />
        <Sidebar state={state} at={at} read={read} />
        <main className="main">
          <div className="place">
            {channel === null ? (
              <Home state={state} name={workspace.bot?.realName ?? 'App'} />
            ) : (
              <ConversationView state={state} channel={channel} />
            )}
          </div>
          {channel !== null && threadTs !== null && (
            <ThreadPane key={threadTs} state={state} channel={channel} ts={threadTs} />
          )}
        </main>
      </div>
      <ModalStack key={me.id} modals={state.modals} />
    </WorkspaceContext>
  );
}

function Home({ state, name }: { state: SandboxState; name: string }) {
  return (
    <>
      <header className="place-head">
        <h1>{name}</h1>
        <span className="app-badge">App</span>
        <p className="topic">Home</p>
      </header>
      <HomeTab key={state.me.id} home={state.home} />
    </>
  );
}

function useWorkspaceOf({ team, me, people, channels }: SandboxState, go: Workspace['go']): Workspace {
  return useMemo(
    () => ({
      team,
      me,
      go,
      // The app itself, not Slackbot: the one whom the direct conversation is with.
      bot:
        people.find(
          ({ isBot, name }) => isBot && channels.some((channel) => channel.kind === 'im' && channel.name === name),
        ) ??
        people.find(({ isBot }) => isBot) ??
        null,
      people: new Map(people.map((person) => [person.id, person])),
      channels: new Map(channels.map((channel) => [channel.id, channel])),
    }),
    [team, me, people, channels, go],
  );
}

/** The conversation to show; null stands for the App Home. A place that is not there is the first channel. */
function channelAt({ channels }: SandboxState, at: Whereabouts | null): SandboxChannel | null {
  if (at?.kind === 'home') return null;
  const named = channels.find((channel) =>
    at?.kind === 'im' ? channel.kind === 'im' : channel.id === (at?.kind === 'channel' ? at.id : ''),
  );
  return named ?? channels.find(({ kind, botIsMember }) => kind === 'channel' && botIsMember) ?? channels[0] ?? null;
}
