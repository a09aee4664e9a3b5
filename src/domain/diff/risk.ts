import type { Change, WorkflowDiff } from './change.ts';
import { count, quoteName } from './quote.ts';
import { RISK_RULES, type RiskRule } from './risk-rules.ts';

/** Lowest first. */
export const RISK_LEVELS = ['none', 'low', 'medium', 'high'] as const;

export type RiskLevel = (typeof RISK_LEVELS)[number];

/** How much care a change asks for, and why: one reason for each kind of change, the gravest first. Plain text. */
export interface Risk {
  readonly level: RiskLevel;
  readonly reasons: readonly string[];
}

const MOST_NAMES = 2;

/** Judges a diff by the table of rules alone: the same diff always has the same risk. */
export function riskOf(diff: Omit<WorkflowDiff, 'risk'>): Risk {
  const found = new Map<RiskRule, Change[]>();
  for (const change of diff.changes) {
    const rule = RISK_RULES.find(({ applies }) => applies(change));
    if (rule === undefined) continue;
    const changes = found.get(rule);
    if (changes === undefined) found.set(rule, [change]);
    else changes.push(change);
  }
  const rankOf = ({ level }: RiskRule) => RISK_LEVELS.indexOf(level);
  const rules = RISK_RULES.filter((rule) => found.has(rule)).sort((a, b) => rankOf(b) - rankOf(a));
  const reasons = rules.map((rule) => reasonOf(rule, found.get(rule) ?? []));
  if (diff.firstVersion !== undefined)
    return { level: highest([...rules, FIRST]), reasons: [FIRST.reason, ...reasons] };
  // What is not listed was not judged.
  if (diff.omitted > 0) {
    return {
      level: 'high',
      reasons: [`more changed than can be listed (${count(diff.counts.total, 'change')})`, ...reasons],
    };
  }
  return { level: highest(rules), reasons };
}

const FIRST = { level: 'medium', reason: 'first version' } as const;

function highest(rules: readonly { readonly level: RiskLevel }[]): RiskLevel {
  return RISK_LEVELS.findLast((level) => rules.some((rule) => rule.level === level)) ?? 'none';
}

/** `model swapped (‘Summarise’, ‘Draft’ and 3 more)` */
function reasonOf({ reason }: RiskRule, changes: readonly Change[]): string {
  const names = new Map(
    changes.flatMap(({ stepId, stepLabel }) => (stepId === undefined ? [] : [[stepId, stepLabel]])),
  );
  const labels = [...names].map(([id, label]) => quoteName(label?.trim() ? label : (id ?? '')));
  if (labels.length === 0) return reason;
  const more = labels.length > MOST_NAMES ? ` and ${(labels.length - MOST_NAMES).toLocaleString('en')} more` : '';
  return `${reason} (${labels.slice(0, MOST_NAMES).join(', ')}${more})`;
}
