import { compareContents, showContents, summaryOf } from './compare.ts';
import { type Compared, findAsTyped, findSubject } from './find-compared.ts';
import { tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports, Reading, ShownDocuments } from './ports.ts';
import { compareInEffect } from './settings/compare-in-effect.ts';
import { settingsInForce } from './settings/settings-in-force.ts';
import type { UseCases } from './use-cases.ts';
import type { ComparedContents, DiffView } from './views.ts';

/** Changes that a comparison lists at most. */
const MOST_CHANGES = 1_000;

/** `/towpath diff W A B`: each a version or an environment, as typed. */
export function makeCompareVersions({ reading }: Ports): UseCases['compareVersions'] {
  return ({ actor, ...asked }) =>
    reading(actor.workspaceId, async (tx) => {
      const compared = await findAsTyped(tx, asked);
      return describeDiff(compared, await shown(tx, compared), await inEffect(tx, compared));
    });
}

/** What a promotion changes: against what is live in its target, or what it replaced there. */
export function makeComparePromotion({ reading }: Ports): UseCases['comparePromotion'] {
  return ({ actor, promotionId }) =>
    reading(actor.workspaceId, async (tx) => {
      const compared = await findSubject(tx, { promotionId });
      return describeDiff(compared, await shown(tx, compared), await inEffect(tx, compared));
    });
}

/** Two versions or environments as typed, as they were read: to draw what changed. */
export function makeCompareContents({ reading }: Ports): UseCases['compareContents'] {
  return ({ workspaceId, ...asked }) =>
    reading(workspaceId, async (tx) => contentsOf(tx, await findAsTyped(tx, asked)));
}

/** A comparison with all that a wide screen has room for. */
export function makeShowWideDiff({ reading }: Ports): UseCases['showWideDiff'] {
  return ({ workspaceId, subject }) =>
    reading(workspaceId, async (tx) => {
      const compared = await findSubject(tx, subject);
      const { texts, ...contents } = await shown(tx, compared);
      return {
        ...describeDiff(compared, contents, await inEffect(tx, compared)),
        promotion: await describePromoted(tx, compared),
        texts,
        contents,
      };
    });
}

function shown(tx: Reading, { from, to }: Compared): Promise<ShownDocuments> {
  return showContents(tx, from?.id ?? null, to.id);
}

function contentsOf(tx: Reading, { from, to }: Compared): Promise<ComparedContents> {
  return compareContents(tx, from?.id ?? null, to.id);
}

/** What changes in the environment that the comparison is about, once its settings are filled in. */
async function inEffect(
  tx: Reading,
  { workflow, from, to, intoEnvironmentId }: Compared,
): Promise<DiffView['inEffect']> {
  if (intoEnvironmentId === null) return null;
  const settings = await settingsInForce(tx, intoEnvironmentId, workflow.id);
  const changes = await compareInEffect(tx, from?.id ?? null, to.id, settings);
  return changes === null ? null : { environment: (await tx.environments.get(intoEnvironmentId)).name, ...changes };
}

async function describePromoted(tx: Reading, { promotion }: Compared) {
  if (promotion === null) return null;
  const { status, sourceEnvironmentId, targetEnvironmentId } = promotion;
  return {
    status,
    from: tagEnvironment(await tx.environments.get(sourceEnvironmentId)),
    to: tagEnvironment(await tx.environments.get(targetEnvironmentId)),
  };
}

function describeDiff(
  { workflow, from, to }: Compared,
  { diff, blocks, code }: Omit<ShownDocuments, 'texts'>,
  inEffect: DiffView['inEffect'],
): DiffView {
  return {
    workflow: tagWorkflow(workflow),
    from: from === null ? null : tagVersion(from),
    to: tagVersion(to),
    summary: summaryOf(diff),
    inEffect,
    total: diff.counts.total,
    changes: diff.changes
      .slice(0, MOST_CHANGES)
      .map(({ class: kindOf, kind, path, sentence, before: was, after: is }) => ({
        class: kindOf,
        kind,
        path,
        sentence,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      })),
    blocks: [...blocks],
    code,
  };
}
