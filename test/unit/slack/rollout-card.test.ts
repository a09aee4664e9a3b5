import { describe, expect, test } from 'vitest';
import { confirmReplacement, rolledBackAnswer } from '../../../src/adapters/slack/blocks/act-answers.ts';
import { promotionCard } from '../../../src/adapters/slack/blocks/promotion-card.ts';
import { rolloutAnswer, rolloutDone } from '../../../src/adapters/slack/blocks/rollout-answers.ts';
import { historyAnswer, statusAnswer } from '../../../src/adapters/slack/blocks/show-answers.ts';
import { storyMessage } from '../../../src/adapters/slack/blocks/story.ts';
import type { RolloutView } from '../../../src/use-cases/views.ts';
import { asked, buttonsOf, named, receipt, rollout, running, v9, wordsOf } from './support/a-rollout.ts';
import { AT, at, open, seen, v5, v7 } from './support/an-open-promotion.ts';

describe('a promotion asked for as a canary', () => {
  test('says so first, and who gets it once it is approved', () => {
    const card = promotionCard(asked);
    expect(wordsOf(card)).toContain('Canary 10% · summarize-flow · development → staging');
    expect(wordsOf(card)).toContain('*v7 (add-urgency)*, beside v5');
    expect(wordsOf(card)).toContain('Once approved, 10% of users in staging get it. The others keep v5');
    expect(wordsOf(card)).toContain('giving it to more, and finishing it, asks for no further approval');
    expect(card.text).toContain('to staging, as a canary at 10%');
    expect(seen(card).buttons).toEqual(['Approve', 'Reject', 'Full diff', 'Cancel', 'Lock']);
  });

  test('is told from the same version for everybody, where one would take the place of the other', () => {
    const question = (under: number | null, canary?: number) =>
      confirmReplacement(
        { kind: 'confirm-replacement', open: { ...open, canary: under }, proposed: v7, approvedBy: [] },
        canary === undefined ? {} : { canary },
      );
    expect(buttonsOf(question(null, 1_000)).map((b) => b.text.text)).toEqual([
      'Replace with v7 at 10%',
      'Keep v7 for everybody at once',
    ]);
    expect(buttonsOf(question(50)).map((b) => b.text.text)).toEqual([
      'Replace with v7 for everybody at once',
      'Keep v7 at 0.5%',
    ]);
    expect(JSON.parse(buttonsOf(question(null, 1_000))[0]?.value ?? '')).toMatchObject({ canary: 1_000 });
  });
});

describe('the card of a canary that runs', () => {
  test('says which version is live for whom, and offers the steps that are left', () => {
    const card = promotionCard(running(1_000));
    expect(wordsOf(card)).toContain('Canary 10% · summarize-flow');
    expect(wordsOf(card)).toContain(
      '🐤 *Canary in staging at 10%*\\n10% of users get *v7 (add-urgency)*, the canary\\n90% get *v5*, as before, and so do runs without a key',
    );
    expect(wordsOf(card)).toContain('*v7 (add-urgency)*, beside v5');
    expect(wordsOf(card)).not.toContain('✅');
    const ends = ['Finish with v7', 'Abort, back to v5'];
    expect(seen(card).buttons).toEqual(['Compare', '25 %', '50 %', '100 %', ...ends, 'Full diff']);
    expect(seen(promotionCard(running(5_000))).buttons).toEqual(['Compare', '100 %', ...ends, 'Full diff']);
    const steps = card.blocks.findIndex(({ type }) => type === 'actions');
    expect(JSON.stringify(card.blocks[steps - 1])).toContain('10% of users get');
  });

  test.each([
    [0, 'Nobody gets *v7 (add-urgency)* yet\\nEverybody gets *v5*, as before'],
    [10_000, 'Everybody gets *v7 (add-urgency)* for now\\n*v5* stands by: Abort brings it back to everybody'],
    [9_950, '99.5% of users get *v7 (add-urgency)*, the canary\\n0.5% get *v5*'],
  ])('at %i hundredths of a percent', (share, words) => {
    expect(wordsOf(promotionCard(running(share)))).toContain(words);
  });

  test('asks before each step, and says what happens to those who have it and those who have not', () => {
    const card = promotionCard(running(1_000));
    const question = (name: string) => named(card, name).confirm?.text.text;
    expect(question('50 %')).toBe(
      'In staging 50% of users get v7, instead of 10% of users. Whoever has it keeps it. All others, and runs without a key, stay on v5.',
    );
    expect(question('100 %')).toContain('Runs without a key get it too. v5 stands by until Finish');
    expect(question('Finish with v7')).toContain('Everybody in staging gets v7, also the 90% on v5 now. v5 goes out');
    expect(question('Abort, back to v5')).toContain('Everybody in staging gets v5 at once, also the 10% with v7 now.');
    expect(named(card, 'Abort, back to v5')).toMatchObject({
      style: 'danger',
      confirm: { deny: { text: 'Let it run' } },
    });
    for (const { value } of buttonsOf(card).slice(0, 6))
      expect(JSON.parse(value ?? '')).toMatchObject({
        deploymentId: 'd7',
        promotionId: open.id,
        environment: 'staging',
      });
    expect(JSON.parse(named(card, '50 %').value ?? '')).toMatchObject({ share: 5_000, from: 1_000 });
  });

  test('once it is over says so, and offers nothing of it any more', () => {
    const over = (status: 'active' | 'aborted' | 'superseded', active: boolean, share: number | null) =>
      promotionCard({
        ...running(0),
        deployment: {
          id: 'd7',
          active,
          status,
          share,
          ended: active ? null : { by: 'U0LIA', at, reason: 'It loops' },
          rollout: null,
          beside: null,
        },
      });
    const finished = over('active', true, null);
    expect(wordsOf(finished)).toContain('✅ *Live in staging* for everybody\\nStarted as a canary at 10% by <@U0LEE>');
    expect(wordsOf(finished)).toContain('*v7 (add-urgency)*, replaced v5');
    expect(seen(finished).buttons).toEqual(['Full diff', 'Roll back']);
    expect(named(finished, 'Roll back').confirm?.text.text).not.toContain('canary');
    const aborted = over('aborted', false, 2_500);
    expect(wordsOf(aborted)).toContain(
      `*Canary aborted* by <@U0LIA> ${AT}\\nNobody in staging gets v7 (add-urgency) any more: *v5* stayed live`,
    );
    expect(wordsOf(aborted)).toContain('It loops');
    expect(aborted.text).toContain('its canary was aborted');
    expect(seen(aborted).buttons).toEqual(['Full diff']);
    expect(wordsOf(over('superseded', false, null))).toContain('It is no longer live there.');
  });
});

describe('what one person is told of a canary', () => {
  test('how both sides do, and what can be done', () => {
    const answer = rolloutAnswer(rollout(1_000));
    expect(wordsOf(answer)).toContain('summarize-flow in staging: canary of v7 (add-urgency) at 10%');
    expect(wordsOf(answer)).toContain(
      'the canary\\n120 runs, 5% failed · latency p50 900 ms, p95 2.4 s · $0.012 a run',
    );
    expect(wordsOf(answer)).toContain('so do runs without a key\\nNo run of it was reported yet');
    expect(buttonsOf(answer).map((b) => b.text.text)).toEqual([
      ...['25 %', '50 %', '100 %', 'Finish with v7', 'Abort, back to v5'],
    ]);
    for (const { value } of buttonsOf(answer)) expect(value).not.toContain('promotionId');
  });

  test('only what is possible is offered', () => {
    const offered = (more: Partial<RolloutView>) =>
      buttonsOf(rolloutAnswer(rollout(0, more))).map((button) => button.text.text);
    expect(offered({ quarantined: true })).toEqual(['Abort, back to v5']);
    expect(offered({ scheduled: true })).toEqual(['100 %', 'Finish with v7', 'Abort, back to v5']);
    expect(wordsOf(rolloutAnswer(rollout(0, { scheduled: true })))).not.toContain('any other share');
    expect(wordsOf(rolloutAnswer(rollout(0, { quarantined: true })))).toContain('Abort is what is left');
  });

  test.each([
    [{}, 'is at 50% now, 10% before'],
    [{ changed: false, before: 5_000 }, 'Nothing was changed'],
    [{ act: 'resumed' as const, before: null }, 'runs again at 50%'],
    [
      { act: 'finished' as const, superseded: v5, active: { deploymentId: 'd7', version: v7 } },
      'Everybody in staging gets summarize-flow v7 (add-urgency) now. v5 is out; `/rollback summarize-flow staging`',
    ],
    [{ act: 'finished' as const, changed: false }, 'Nothing was changed'],
    [{ act: 'aborted' as const }, 'is out of staging. Everybody there gets v5, which stayed live.'],
    [{ act: 'aborted' as const, changed: false }, 'was aborted already. Nothing was changed.'],
    [
      { act: 'aborted' as const, followed: { version: v9, canary: null }, active: { deploymentId: 'd9', version: v9 } },
      'is out of staging. v9 had waited for that with all that it needs, and is live there for everybody now.',
    ],
    [
      { act: 'finished' as const, superseded: v5, followed: { version: v9, canary: 500 } },
      'v5 is out. v9 had waited for that with all that it needs, and started there as a canary at 5%.',
    ],
    [
      { act: 'finished' as const, superseded: v5, followed: { version: v9, canary: null } },
      'Finished: the canary of summarize-flow v7 (add-urgency) is over in staging. v9 had waited for that',
    ],
  ])('what was done: %j', (more, words) => {
    expect(rolloutDone(receipt(more)).text.toLowerCase()).toContain(words.toLowerCase());
  });

  test('an abort can be undone by whoever did it while that lasts', () => {
    const aborted = receipt({ act: 'aborted', undoUntil: at });
    expect(JSON.parse(named(rolloutDone(aborted), 'Undo the abort').value ?? '')).toEqual({ deploymentId: 'd7' });
    expect(wordsOf(rolloutDone(aborted))).toContain(`You can undo this until ${AT}.`);
    expect(buttonsOf(rolloutDone({ ...aborted, undoUntil: null }))).toEqual([]);
    expect(buttonsOf(rolloutDone({ ...aborted, changed: false }))).toEqual([]);
  });

  test('a rollback that only took the canary out says so, and offers to roll back what stayed live', () => {
    const answer = rolledBackAnswer({ kind: 'aborted', receipt: receipt({ act: 'aborted', undoUntil: at }) }, 'v9');
    expect(answer.text).toContain('everybody there gets v5, which stayed live and was *not* rolled back');
    expect(answer.text).toContain('“v9” is no version of summarize-flow');
    expect(buttonsOf(answer).map((b) => b.text.text)).toEqual(['Roll back v5 too', 'Undo the abort']);
    const [rollBackToo] = buttonsOf(answer);
    expect(JSON.parse(rollBackToo?.value ?? '')).toEqual({
      ...{ deploymentId: 'd5', workflow: 'summarize-flow', environment: 'staging' },
    });
    expect(rollBackToo).toMatchObject({ style: 'danger', confirm: { title: { text: 'Roll back v5?' } } });
  });
});

test('status and history tell a canary from what is live', () => {
  const environment = { environment: open.to, live: { version: v5, deployedBy: 'U0LEE', since: at }, open: null };
  const status = (share: number) =>
    wordsOf(
      statusAnswer(
        {
          items: [
            {
              workflow: { ...open.workflow, ownerId: 'U0DEV' },
              newest: { ...v7, stage: 'staging' },
              environments: [{ ...environment, candidate: { version: v7, share, since: at } }],
              quarantined: [],
            },
          ],
          cursor: null,
        },
        {},
      ),
    );
  expect(status(1_000)).toContain('\\n↳ 🐤 *v7 (add-urgency)* for 10% of users, a canary since');
  expect(status(10_000)).toContain('staging: 🐤 *v7 (add-urgency)* for everybody, a canary since');
  expect(status(10_000)).toContain('\\n↳ *v5* stands by, live since');
  const entry = {
    ...{ environment: open.to, version: v7, deployedBy: 'U0LEE', deployedAt: at, promotionId: open.id, approvals: [] },
    ...{ changes: [], reason: null },
  };
  const history = historyAnswer(
    {
      workflow: open.workflow,
      items: [
        { ...entry, status: 'candidate', share: 50, endedAt: null, endedBy: null },
        { ...entry, status: 'aborted', share: 2_500, endedAt: at, endedBy: 'U0LIA' },
      ],
      cursor: null,
    },
    { workflow: 'summarize-flow' },
  );
  expect(wordsOf(history)).toContain('*v7 (add-urgency)* in staging: a canary, running at 0.5%');
  expect(wordsOf(history)).toContain(`a canary, aborted at 25% ${AT} by <@U0LIA>`);
});

test('the thread tells each step of a canary', () => {
  const story = { by: 'U0LEE', at: at.toISOString() };
  const text = (payload: unknown) => storyMessage(payload).text;
  expect(text({ ...story, event: 'rollout-started', by: null, share: 1_000 })).toContain('started as a canary at 10%');
  expect(text({ ...story, event: 'rollout-changed', share: 2_500, before: 50 })).toContain('from 0.5% to 25%');
  expect(text({ ...story, event: 'rollout-finished' })).toContain('everybody gets it now');
  expect(JSON.stringify(storyMessage({ ...story, event: 'rollout-aborted', reason: 'It <!here> loops' }))).toContain(
    '"text":"It <!here> loops"',
  );
  expect(text({ ...story, event: 'rollout-resumed', share: 1_000 })).toContain('runs again at 10%');
  expect(text({ ...story, event: 'rollout-barred', environment: 'develop <!here>' })).toContain(
    '<@U0LEE> rolled this version back in develop &lt;!here&gt;. The canary goes on, and can only be aborted.',
  );
});
