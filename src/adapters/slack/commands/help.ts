import type { Answer } from '../answers/answer.ts';
import { fitMessage } from '../blocks/fit-message.ts';
import { typed } from '../blocks/mrkdwn.ts';
import { context, header, IMPORTANCE, section } from '../blocks/parts.ts';
import { type CommandName, USAGE } from './usage.ts';

/** What each command does, in one sentence. */
const PURPOSE: Record<CommandName, string> = {
  deploy: 'Puts the newest version, or the one you name, live in the first environment. No approval needed.',
  promote: `Asks to take what is live in the environment before to this one, and posts a card to review. With ${typed('--canary 10%')} only that share of users gets it at first, beside what is live; with ${typed('at "monday 09:00"')} it is approved now and goes live then.`,
  approve: 'Approves the open request. The last approval that is needed deploys.',
  reject: 'Turns the open request down. Whoever asked reads your reason.',
  rollback: 'Takes the live version out at once and brings back the one before, or the one you name.',
  status: 'What is live where, and what is under review.',
  history: 'What went live, when, by whom, and who approved.',
  diff: 'What differs between two versions or environments.',
  env: `What an environment, or a workflow in it, is given, with forms to change it, bind masked values and go back. ${typed('/towpath env diff A B')}: what two of them give otherwise. ${typed('/towpath env ENVIRONMENT proposals')}: changes that wait for approval.`,
  runs: 'How its runs went in the last seven days, version by version, and the last ten.',
  rollout:
    'How a canary does beside what is live. With a share it gives it to more or fewer, finish gives it to everybody for good, abort takes it out at once.',
  test: `Runs the workflow’s suite on what is under review for the environment, else on the newest version, and shows how it goes. Without an environment, in the first one.`,
  suite: `Shows the cases that the workflow has to pass, with a form to change them. ${typed('towpath suite set')} takes a file.`,
  checks: 'What tests, replays and programs found out about a version, beside what is live, with their cases.',
  why: 'What still stands between a workflow and an environment, and who can change that.',
  lock: `Lets nothing go live in what you name, until you unlock it or the time is over; rollbacks always work.`,
  unlock: `Ends a lock of yours, or with ${typed('--force')} somebody else’s, who is told.`,
  locks: 'What is locked and frozen, by whom, since when and why.',
  freeze: 'Lets nothing go live in an environment until then; rollbacks always work.',
  unfreeze: 'Ends a freeze that somebody set.',
  label: 'Gives a version a name that people remember.',
  role: 'Says what a person may do, and in which departments. For admins.',
  roles: 'Who may do what.',
  push: 'Opens a form for a workflow file.',
  workflow: 'Changes a workflow’s department or owner. For admins.',
  unquarantine: 'Lets a version that was rolled back be promoted again. For admins.',
  webhooks: 'Deliveries that were given up, with a button to send them again.',
  agents: 'Which programs run workflows where, and when they were last seen.',
  audit: 'Who did what to what, and with which token.',
  login: `Lets the command line that shows the code act as you, once you confirmed it: ${typed('towpath login')} there begins.`,
  tokens: 'Which command lines act as you. For admins: which programs are let in, and when they were last.',
  token:
    'Makes a token for a program, puts a new one in its place, or ends it. With an environment it runs workflows there (resolve, runs, secrets:read, agents, execute); without, it acts on workflows in your name (read, push, deploy, promote, checks). For admins.',
};

const ACTS: readonly CommandName[] = ['deploy', 'promote', 'approve', 'reject', 'rollback'];
const REST = (Object.keys(USAGE) as CommandName[]).filter((name) => !ACTS.includes(name));

/** Help for one command. */
export function helpFor(command: CommandName): Answer {
  const { form, example } = USAGE[command];
  const text = `${typed(form)}\n${PURPOSE[command]}\nFor example: ${typed(example)}`;
  return fitMessage(text, [section(text, IMPORTANCE.essential), context(wordsHint(command), IMPORTANCE.note)]);
}

function wordsHint(command: CommandName): string {
  const others = `${typed('/towpath help')} lists every command.`;
  return ACTS.includes(command) || command === 'history'
    ? `Environments may be shortened (dev, stg, prod); versions are numbers (12 or v12) or labels. ${others}`
    : others;
}

/** A section takes 3,000 characters. */
const MOST_IN_SECTION = 9;

function chunks(names: readonly CommandName[]): CommandName[][] {
  return names.length === 0 ? [] : [names.slice(0, MOST_IN_SECTION), ...chunks(names.slice(MOST_IN_SECTION))];
}

/** `/towpath help` */
export function wholeHelp(publicUrl: string | null): Answer {
  const lines = (names: readonly CommandName[]) =>
    names.map((name) => `${typed(USAGE[name].form)}\n${PURPOSE[name]}`).join('\n');
  const server = publicUrl === null ? '' : ` --server ${publicUrl}`;
  return fitMessage('How to use Towpath', [
    header('Towpath'),
    section('Takes AI workflows from one environment to the next, one gate at a time.', IMPORTANCE.essential),
    section(lines(ACTS), IMPORTANCE.needed),
    ...chunks(REST).map((names) => section(lines(names), IMPORTANCE.needed)),
    context(
      `Environments may be shortened (dev, stg, prod); versions are numbers (12 or v12) or labels. From CI: ${typed(`towpath push FILE${server}`)}.`,
      IMPORTANCE.note,
    ),
  ]);
}
