import type { DiffSummary, PromotionView, VersionTag } from '../../../use-cases/views.ts';
import { mention, mentions, version } from './mrkdwn.ts';
import { IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

const SHOWN = 5;

/** The versions between what is live and what is proposed, and how much of the whole the proposed one changed itself. */
export function ridesAlong({ ridesAlong: along, version: proposed }: PromotionView): Part[] {
  if (along === null) return [];
  const shown = along.versions.slice(0, SHOWN).map((tag: VersionTag) => `• ${version(tag)} by ${mention(tag.author)}`);
  const left = along.more + along.versions.length - shown.length;
  const lines = ['*What else rides along*', ...shown, ...(left > 0 ? [`and ${left} more`] : [])];
  const made = along.share === null ? [] : [share(along.share, proposed)];
  return [section([...lines, ...made].join('\n'), IMPORTANCE.changes)];
}

function share({ madeByLast, total }: { madeByLast: number; total: number }, proposed: VersionTag): string {
  const itself = `v${proposed.number} itself`;
  if (total === 0) return 'Together they change nothing.';
  if (madeByLast === 0) return `${itself} made none of the ${total} changes.`;
  if (madeByLast === total) return `${itself} made ${total === 1 ? 'the one change' : `all ${total} changes`}.`;
  return `${itself} made ${madeByLast} of the ${total} changes.`;
}

const SENTENCES = 4;

/** What changed since somebody approved the version that was proposed before. */
export function sinceApproved({ earlierApproval: earlier, version: proposed }: PromotionView): Part[] {
  if (earlier === null) return [];
  const title = `*Since ${mentions(earlier.by.slice(0, SENTENCES))} approved ${version(earlier.version)}*, v${earlier.version.number} → v${proposed.number}`;
  return [section([title, ...sentences(earlier.diff)].join('\n'), IMPORTANCE.approvals)];
}

function sentences({ lines, more }: DiffSummary): string[] {
  const shown = lines.slice(0, SENTENCES).map((line) => `• ${escaped(line, 300)}`);
  const left = more + lines.length - shown.length;
  return [...(shown.length === 0 ? ['Nothing differs.'] : shown), ...(left > 0 ? [`and ${left} more`] : [])];
}
