import { Fragment } from 'react';
import { emojiSign } from './emoji.ts';
import { ChannelMention, GroupMention, UserMention } from './mention.tsx';
import type { Inline } from './mrkdwn.ts';
import { formatSlackDate } from './slack-date.ts';
import { withKeys } from './with-keys.ts';
import { WorkspaceLink } from './workspace-link.tsx';

/** Draws the runs of a line. Positions are their keys: a text is replaced as a whole, never reordered. */
export function InlineRuns({ runs }: { runs: readonly Inline[] }) {
  return withKeys(runs).map(({ key, item: run }) => (
    <Fragment key={key}>
      <InlineRun run={run} />
    </Fragment>
  ));
}

function InlineRun({ run }: { run: Inline }) {
  switch (run.kind) {
    case 'text':
      return run.text;
    case 'strong':
      return (
        <b>
          <InlineRuns runs={run.children} />
        </b>
      );
    case 'emphasis':
      return (
        <i>
          <InlineRuns runs={run.children} />
        </i>
      );
    case 'strike':
      return (
        <s>
          <InlineRuns runs={run.children} />
        </s>
      );
    case 'code':
      return <code>{run.text}</code>;
    case 'link':
      return (
        <WorkspaceLink href={run.href}>
          <InlineRuns runs={[{ kind: 'text', text: run.label }]} />
        </WorkspaceLink>
      );
    case 'emoji':
      return <Emoji name={run.name} />;
    case 'date':
      return <SlackDate run={run} />;
    default:
      return <Mention run={run} />;
  }
}

function Mention({ run }: { run: Extract<Inline, { kind: 'user' | 'channel' | 'group' | 'broadcast' }> }) {
  if (run.kind === 'user') return <UserMention id={run.id} label={run.label} />;
  if (run.kind === 'channel') return <ChannelMention id={run.id} label={run.label} />;
  return <GroupMention name={run.kind === 'broadcast' ? run.range : (run.label ?? run.id)} />;
}

/** A shortcode's sign, or the shortcode itself where it is not a known one. */
export function Emoji({ name }: { name: string }) {
  const sign = emojiSign(name);
  if (sign === null) return `:${name}:`;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll('_', ' ')}>
      {sign}
    </span>
  );
}

function SlackDate({ run }: { run: Extract<Inline, { kind: 'date' }> }) {
  const date = new Date(run.seconds * 1000);
  if (Number.isNaN(date.getTime())) return run.fallback;
  const words = formatSlackDate(run.seconds, run.format, new Date());
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {run.href === null ? words : <WorkspaceLink href={run.href}>{words}</WorkspaceLink>}
    </time>
  );
}
