import { z } from 'zod';
import { POLICY_PARTS, type Requires, type StricterEntry } from '../policy/policy.ts';
import { said } from '../policy/policy-part.ts';
import { isSlug } from '../workflow/slug.ts';
import { closedObject } from './closed-object.ts';

/** `approvals` of an environment in `towpath.yaml`. */
export const approvalsYaml = POLICY_PARTS.approvals.yaml.describe(
  'Who has to approve a promotion into it; every rule has to be met, nobody counts twice. Left out: 1 admin for the last environment, 1 lead for the others. []: nobody.',
);

const fields = {
  authorMayApprove: POLICY_PARTS.authorMayApprove.yaml
    .optional()
    .describe("Whether the version's author may approve it. Left out: true."),
  rejection: POLICY_PARTS.rejection.yaml
    .optional()
    .describe('vetoes: one rejection ends the promotion. counts: it stays open. Left out: vetoes.'),
  risk: POLICY_PARTS.risk.yaml.optional().describe('More approvers for risky changes: { high: { count: 2 } }.'),
  tests: POLICY_PARTS.tests.yaml.optional().describe('Its tests have to pass: { minPassRate: 0.9 }.'),
  quality: POLICY_PARTS.quality.yaml.optional().describe('The score it has to reach: { minScore: 4.0, of: 5 }.'),
  cost: POLICY_PARTS.cost.yaml.optional().describe('What a run may cost: { maxCostPerRun: 0.05, maxIncrease: 0.1 }.'),
  latency: POLICY_PARTS.latency.yaml.optional().describe('How long a run may take: { maxP95: 2s }.'),
  checks: POLICY_PARTS.checks.yaml.optional().describe('Checks from outside that have to pass: [security-review].'),
  gates: POLICY_PARTS.gates.yaml.optional().describe('Systems outside that are asked when a promotion opens.'),
  soak: POLICY_PARTS.soak.yaml
    .optional()
    .describe('How it has to have done in the environment before: { for: 24h, minRuns: 50 }.'),
  shadow: POLICY_PARTS.shadow.yaml
    .optional()
    .describe('How alike its answers to recent inputs have to be: { sample: 100, minSimilarity: 0.85 }.'),
  parity: POLICY_PARTS.parity.yaml
    .optional()
    .describe('That the environment has all that it names, and that probes answer: { probes: [{ tcp: db:5432 }] }.'),
  checklist: POLICY_PARTS.checklist.yaml.optional().describe('What people tick on the card: ["Rollback tested"].'),
  freezes: POLICY_PARTS.freezes.yaml.optional().describe('When nothing goes live in it, or when alone something may.'),
  suites: POLICY_PARTS.suites.yaml.optional().describe('What runs by itself: { onOpen: true, budget: 5 }.'),
};

/** `requires` of an environment. What says nothing but what holds anyway is left out, so that it moves no approval. */
export const requiresYaml = closedObject(fields).transform((written): Requires => {
  const { authorMayApprove, rejection, ...rest } = said(written);
  return {
    ...rest,
    ...(authorMayApprove === false && { authorMayApprove }),
    ...(rejection === 'counts' && { rejection }),
  };
});

/** One entry of `stricter`. */
export const stricterYaml = closedObject({
  workflows: z
    .array(z.string().refine(isSlug, { error: "has to be a workflow's name, such as summarize-flow" }))
    .min(1)
    .max(100)
    .optional()
    .describe('Workflows, by name.'),
  departments: z.array(z.string()).min(1).max(100).optional().describe('Departments: all their workflows.'),
  approvals: POLICY_PARTS.approvals.yaml.optional().describe('Who has to approve besides, or more of whom.'),
  requires: closedObject(fields).optional().describe('What they need besides, or more of.'),
})
  .refine(({ workflows, departments }) => workflows !== undefined || departments !== undefined, {
    error: 'has to say whom it is for: workflows or departments',
  })
  .transform(({ requires = {}, ...entry }): StricterEntry => ({ ...said(entry), ...said(requires) }));
