import { Refusal } from '../../../domain/refusal.ts';

/** How each command is written, with an example that a person can copy. */
export const USAGE = {
  deploy: { form: '/deploy WORKFLOW [VERSION]', example: '/deploy summarize-flow v12' },
  promote: {
    form: '/promote WORKFLOW ENVIRONMENT [at TIME] [--canary SHARE] [REASON]',
    example: '/promote summarize-flow staging ready for the pilot',
  },
  approve: { form: '/approve WORKFLOW [ENVIRONMENT]', example: '/approve summarize-flow staging' },
  reject: { form: '/reject WORKFLOW [ENVIRONMENT] REASON', example: '/reject summarize-flow the threshold is too low' },
  rollback: {
    form: '/rollback WORKFLOW ENVIRONMENT [to VERSION] [REASON]',
    example: '/rollback summarize-flow production to v11 answers are wrong',
  },
  status: { form: '/towpath status [WORKFLOW]', example: '/towpath status summarize-flow' },
  history: { form: '/towpath history WORKFLOW [ENVIRONMENT]', example: '/towpath history summarize-flow production' },
  diff: { form: '/towpath diff WORKFLOW A B', example: '/towpath diff summarize-flow production staging' },
  env: {
    form: '/towpath env [ENVIRONMENT [WORKFLOW] [set NAME=value | unset NAME]]',
    example: '/towpath env staging summarize-flow',
  },
  runs: { form: '/towpath runs WORKFLOW [ENVIRONMENT]', example: '/towpath runs summarize-flow production' },
  rollout: {
    form: '/towpath rollout WORKFLOW ENVIRONMENT [SHARE|finish|abort [REASON]]',
    example: '/towpath rollout summarize-flow production 50%',
  },
  test: {
    form: '/towpath test WORKFLOW [VERSION] [ENVIRONMENT]',
    example: '/towpath test summarize-flow staging',
  },
  suite: { form: '/towpath suite WORKFLOW', example: '/towpath suite summarize-flow' },
  checks: {
    form: '/towpath checks WORKFLOW [VERSION] [ENVIRONMENT]',
    example: '/towpath checks summarize-flow v12 staging',
  },
  why: { form: '/towpath why WORKFLOW ENVIRONMENT', example: '/towpath why summarize-flow production' },
  lock: {
    form: '/towpath lock WORKFLOW|ENVIRONMENT|all REASON [for 2h]',
    example: '/towpath lock production we are moving the database for 2h',
  },
  unlock: { form: '/towpath unlock WORKFLOW|ENVIRONMENT|all [--force]', example: '/towpath unlock production' },
  locks: { form: '/towpath locks', example: '/towpath locks' },
  freeze: {
    form: '/towpath freeze ENVIRONMENT until TIME REASON',
    example: '/towpath freeze production until monday 09:00 end of the quarter',
  },
  unfreeze: { form: '/towpath unfreeze ENVIRONMENT', example: '/towpath unfreeze production' },
  label: {
    form: '/towpath label WORKFLOW VERSION LABEL [NOTE]',
    example: '/towpath label summarize-flow v12 add-urgency-classifier',
  },
  role: {
    form: '/towpath role @person member|lead|admin|viewer [DEPARTMENT]',
    example: '/towpath role @ada lead support',
  },
  roles: { form: '/towpath roles', example: '/towpath roles' },
  push: { form: '/towpath push', example: '/towpath push' },
  workflow: {
    form: '/towpath workflow WORKFLOW department|owner VALUE',
    example: '/towpath workflow summarize-flow owner @ada',
  },
  unquarantine: {
    form: '/towpath unquarantine WORKFLOW VERSION REASON',
    example: '/towpath unquarantine summarize-flow v12 the fault was elsewhere',
  },
  webhooks: { form: '/towpath webhooks', example: '/towpath webhooks' },
  agents: { form: '/towpath agents [ENVIRONMENT]', example: '/towpath agents production' },
  audit: {
    form: '/towpath audit [WORKFLOW] [ENVIRONMENT]',
    example: '/towpath audit summarize-flow production',
  },
  login: { form: '/towpath login CODE', example: '/towpath login BCDF-GHJK' },
  tokens: { form: '/towpath tokens', example: '/towpath tokens' },
  token: {
    form: '/towpath token create|rotate|revoke NAME [--environment ENVIRONMENT] [--scope SCOPES] [--expires 90d] [--overlap 1h]',
    example: '/towpath token create production-runner --environment production --scope resolve,runs',
  },
} as const;

export type CommandName = keyof typeof USAGE;

/** Says what a command lacks and how it is written. */
export function incomplete(command: CommandName, what: string, fitting?: string): Refusal {
  const { form } = USAGE[command];
  const example = fitting ?? USAGE[command].example;
  return new Refusal('invalid_input', `${what} Write \`${form}\`, for example \`${example}\`.`);
}
