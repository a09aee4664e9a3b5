import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { testPeople } from '../../support/slack/test-workspace.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

const CONFIGURATION = `
environments:
  - { name: development, aliases: [dev] }
  - { name: staging, aliases: [stg], channel: C0STAGING, approvals: [{ role: lead, count: 1 }] }
  - { name: production, aliases: [prod], channel: C0PROD, approvals: [{ role: admin, count: 1 }] }
people: { U0ADA: admin, U0LEE: lead, U0LIA: lead }
`;

let towpath: SlackTowpath;
let workflow: string;
let nth = 0;
beforeAll(async () => {
  const people = testPeople.map((one) => (one.id === 'U0LEE' ? { ...one, tz: 'Asia/Kolkata' } : one));
  towpath = await startSlackTowpath({ configuration: CONFIGURATION, slack: { people } });
});
afterAll(() => towpath.stop());
beforeEach(() => {
  nth += 1;
  workflow = `held-${nth}`;
});
afterEach(async () => {
  const { locks } = await towpath.useCases.listHolds({ workspaceId: 'T0CANAL' });
  for (const { id } of locks) await towpath.useCases.unlock({ actor: actor('U0ADA'), lockId: id, others: true });
});

const actor = (userId: string) => ({ workspaceId: 'T0CANAL', userId, via: 'slack' }) as const;
const blocksOf = (message: StandInMessage) => JSON.stringify(message.blocks);
const type = (who: string, text: string) => towpath.slack.type(who, 'C0GENERAL', text);
const told = (who: string, words: string | RegExp) => towpath.told(who, 'C0GENERAL', words);
const judge = () => towpath.useCases.judgeDue('T0CANAL');
const liveIn = async (environment: string) => {
  const { items } = await towpath.useCases.showStatus({ actor: actor('U0DEV'), workflow });
  return items[0]?.environments.find((one) => one.environment.name === environment)?.live?.version.number ?? null;
};

/** v1 live in development. */
async function prepare(): Promise<void> {
  await towpath.push(1, { workflow });
  await towpath.useCases.deployVersion({ actor: actor('U0DEV'), workflow });
}

/** Asked for by typing; gives its card. */
async function ask(more = ''): Promise<StandInMessage> {
  await type('U0DEV', `/promote ${workflow} staging${more}`);
  return towpath.message('C0STAGING', 'the card', (m) => m.text.includes(`asks to take ${workflow} v1`));
}
const cardSaying = (card: StandInMessage, words: string) =>
  towpath.message('C0STAGING', `the card to say ${words}`, (m) => m.ts === card.ts && blocksOf(m).includes(words));
/** The clock brings the cards up to date that a hold concerns, in this process here. */
const cardJudged = (card: StandInMessage, words: string) =>
  waitUntil(`the card to say ${words}`, async () => {
    await judge();
    return towpath.slack.messages('C0STAGING').find((m) => m.ts === card.ts && blocksOf(m).includes(words));
  });
/** It goes on once the clock has judged it, in this process here. */
const untilLive = (environment: string) =>
  waitUntil(`${workflow} to be live in ${environment}`, async () => {
    await judge();
    return (await liveIn(environment)) === 1;
  });

describe('a lock', () => {
  test('keeps an approved promotion back until somebody else unlocks it by saying so, and tells whose it was', async () => {
    await prepare();
    await type('U0LEE', `/towpath lock stg we move the database for 2h`);
    expect((await told('U0LEE', 'Locked: staging, until <!date')).text).toContain('`/towpath unlock staging` ends it');
    const card = await ask();
    expect(blocksOf(card)).toMatch(
      /staging is locked: we move the database \(by <@U0LEE> since <!date[^>]*>\), until <!date/,
    );
    await towpath.slack.click('U0LIA', card, 'approve_promotion');
    await cardSaying(card, 'Nobody has to do anything more: it goes live by itself');
    expect(await liveIn('staging')).toBeNull();

    await type('U0LIA', '/towpath locks');
    expect(blocksOf(await told('U0LIA', 'Locked and frozen'))).toContain(
      '*staging*, locked by <@U0LEE> for less than a minute',
    );
    await type('U0LIA', '/towpath unlock staging');
    await told(
      'U0LIA',
      '<@U0LEE> locked staging: “we move the database”. Ask them, or end it in their place: `/towpath unlock staging --force`',
    );
    await type('U0LIA', '/towpath unlock staging --force');
    await told('U0LIA', 'Unlocked: staging, locked by <@U0LEE>.');
    await waitUntil('its owner to be told', () =>
      towpath.slack.messages('D0LEE').some((m) => m.text.includes('<@U0LIA> ended your lock of staging')),
    );
    await untilLive('staging');
    await cardSaying(card, '✅ *Live in staging*');
  });

  test('of everything stops deploys, never rollbacks, and its button in the list ends it', async () => {
    await prepare();
    await towpath.push(2, { workflow });
    await towpath.useCases.deployVersion({ actor: actor('U0DEV'), workflow });
    await type('U0LEE', '/towpath lock all an audit');
    await told('U0LEE', 'Locked: everything, until somebody unlocks it');
    await type('U0DEV', `/deploy ${workflow} v1`);
    await told('U0DEV', /has been locked by <@U0LEE>: “an audit”/);
    await type('U0DEV', `/rollback ${workflow} dev`);
    await told('U0DEV', `Rolled back: v2 is out of development`);

    await type('U0ADA', '/towpath locks');
    const list = await told('U0ADA', 'Locked and frozen');
    await towpath.slack.click('U0ADA', list, 'unlock:0');
    await waitUntil('the list to be shown anew', () =>
      towpath.slack.messages('C0GENERAL').some((m) => m.ts === list.ts && m.text.includes('Nothing is locked')),
    );
  });

  test('is taken from a card by a form that says what is wrong below its field, and ended there', async () => {
    await prepare();
    const card = await ask();
    await towpath.slack.click('U0DEV', card, 'lock_promotion');
    const form = await waitUntil('the form', () => towpath.slack.modals('U0DEV').at(-1));
    const submit = (values: Record<string, string>) => towpath.slack.submitView('U0DEV', form.id, values);
    expect((await submit({ reason: '  ', lasts: '' })).errors).toEqual({
      reason: expect.stringContaining('Write why'),
    });
    expect((await submit({ reason: 'wait', lasts: 'a while' })).errors).toEqual({
      lasts: expect.stringContaining('such as 2h'),
    });
    expect((await submit({ reason: 'the numbers are off', lasts: '3h' })).errors).toEqual({});
    const locked = await cardJudged(card, 'the numbers are off (by <@U0DEV> since');
    expect(blocksOf(locked)).not.toContain('"lock_promotion"');
    await type('U0OTHER', `/towpath why ${workflow} staging`);
    expect(blocksOf(await told('U0OTHER', `${workflow} → staging`))).toContain('the numbers are off (by <@U0DEV>)');
    await towpath.slack.click('U0LIA', locked, 'unlock');
    await cardJudged(card, '"lock_promotion"');
  });
});

describe('a freeze', () => {
  test('ends at the time that was typed, as it is where its person lives, or by a button', async () => {
    await prepare();
    await type('U0LEE', '/towpath freeze staging until tomorrow 09:00 end of the quarter');
    const answer = await told('U0LEE', 'Frozen: nothing goes live in staging until <!date');
    const [freeze] = (await towpath.useCases.listHolds({ workspaceId: 'T0CANAL' })).freezes;
    expect(freeze?.until?.toISOString()).toMatch(/T03:30:00\.000Z$/);
    expect(answer.text).toContain(`<!date^${(freeze?.until?.getTime() ?? 0) / 1_000}^`);
    const card = await ask();
    expect(blocksOf(card)).toContain('staging is frozen: end of the quarter (by <@U0LEE>), until <!date');

    await type('U0LEE', '/towpath locks');
    await towpath.slack.click('U0LEE', await told('U0LEE', 'Locked and frozen'), 'unfreeze:0');
    await waitUntil(
      'it to be over',
      async () => (await towpath.useCases.listHolds({ workspaceId: 'T0CANAL' })).freezes.length === 0,
    );
    await type('U0LIA', '/towpath unfreeze staging');
    await told('U0LIA', /staging/);
  });
});

describe('a schedule', () => {
  test('is asked for with a time of one’s own, approved now and live then', async () => {
    await prepare();
    const card = await ask(' at “in 3h” after lunch');
    await told('U0DEV', /Asked for: .*, to go live <!date/);
    expect(blocksOf(card)).toContain('🕒 To go live *<!date');
    expect(blocksOf(card)).toContain('after lunch');
    await towpath.slack.click('U0LEE', card, 'approve_promotion');
    await cardSaying(card, 'Nobody has to do anything more');
    await judge();
    expect(await liveIn('staging')).toBeNull();
    await type('U0OTHER', `/towpath why ${workflow} staging`);
    const why = blocksOf(await told('U0OTHER', `${workflow} → staging`));
    expect(why).toContain(', to go live <!date');
    expect(why).toContain('○ Scheduled for later, not before <!date');
    await towpath.persistence.sql(
      "UPDATE promotion SET deploy_at = now() - interval '1 s', judge_at = now() WHERE status = 'open'",
    );
    await untilLive('staging');
  });

  test('that lacks something at its time, which is its person’s own, tells them and the channel', async () => {
    await prepare();
    await type('U0LEE', `/promote ${workflow} staging at tomorrow 09:00`);
    const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes(`asks to take ${workflow} v1`));
    const { items } = await towpath.useCases.listPromotions({ workspaceId: 'T0CANAL', workflow, page: { limit: 1 } });
    const view = await towpath.useCases.showPromotion({ workspaceId: 'T0CANAL', promotionId: items[0]?.id ?? '' });
    expect(view.deployAt?.toISOString()).toMatch(/T03:30:00\.000Z$/);
    await towpath.persistence.sql(
      "UPDATE promotion SET deploy_at = now() - interval '1 s', judge_at = now() WHERE status = 'open'",
    );
    await judge();
    const missing = 'something is still missing';
    const line = await towpath.message(
      'C0STAGING',
      'the channel to be told',
      (m) => m.threadTs === card.ts && m.text.includes(missing),
    );
    expect(line).toMatchObject({ isBroadcast: true });
    expect(blocksOf(line)).toContain('Approval by 1 lead');
    await towpath.message('D0LEE', 'whoever asked to be told', (m) =>
      m.text.includes(`that ${workflow} was to go live`),
    );
  });

  test('that is no time opens nothing', async () => {
    await prepare();
    await type('U0DEV', `/promote ${workflow} staging at mondy 09:00`);
    await told('U0DEV', '“mondy 09:00” is no time that can be read');
    const open = await towpath.useCases.listPromotions({ workspaceId: 'T0CANAL', workflow, page: { limit: 1 } });
    expect(open.items).toEqual([]);
  });

  test('is kept by the question whether another request is to give way', async () => {
    await prepare();
    await ask();
    await towpath.push(2, { workflow });
    await towpath.useCases.deployVersion({ actor: actor('U0DEV'), workflow });
    await type('U0DEV', `/promote ${workflow} staging at “in 3h”`);
    await towpath.slack.click('U0DEV', await told('U0DEV', 'is under review for staging'), 'replace_promotion');
    const card = await towpath.message('C0STAGING', 'the new card', (m) =>
      m.text.includes(`asks to take ${workflow} v2`),
    );
    expect(blocksOf(card)).toContain('🕒 To go live *<!date');
  });
});

describe('/towpath why', () => {
  test('says what asking would need, and why nothing could be asked for', async () => {
    await prepare();
    await type('U0OTHER', `/towpath why ${workflow} staging`);
    const would = blocksOf(await told('U0OTHER', `${workflow} → staging`));
    expect(would).toContain(`nobody asked for it yet: \`/promote ${workflow} staging\` does`);
    expect(would).toContain('○ Approval by 1 lead');
    await type('U0OTHER', `/towpath why ${workflow} production`);
    expect(blocksOf(await told('U0OTHER', `${workflow} → production`))).toContain('staging');
  });

  test.each([
    ['/towpath lock', '/towpath lock WORKFLOW|ENVIRONMENT|all REASON [for 2h]'],
    ['/towpath lock staging', 'Why should staging be locked?'],
    ['/towpath lock nowhere an audit', /nowhere/],
    ['/towpath unlock staging now', '“now” says nothing here.'],
    ['/towpath unlock staging', 'Nobody holds a lock of staging'],
    ['/towpath freeze staging', 'Until when should nothing go live in staging?'],
    ['/towpath unfreeze production', /production/],
    ['/towpath why', '/towpath why WORKFLOW ENVIRONMENT'],
    ['/towpath help freeze', '/towpath freeze ENVIRONMENT until TIME REASON'],
    ['/towpath lcok staging', 'Did you mean `/towpath lock'],
  ])('%s is answered with what to write', async (typed, words) => {
    await type('U0LEE', typed);
    await told('U0LEE', words);
  });

  test('holds nobody back who may not lock', async () => {
    await type('U0DEV', '/towpath lock staging because');
    await told('U0DEV', 'To lock staging takes the role lead');
    await type('U0DEV', '/towpath freeze staging for 2h because');
    await told('U0DEV', 'To freeze staging or end its freeze takes the role lead');
  });
});
