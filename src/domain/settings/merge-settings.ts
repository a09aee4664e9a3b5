import type { ModelChoice, Settings } from './settings.ts';

/**
 * What applies to one workflow in an environment: the workflow's own layer wins over the environment's, key by key. A name that the
 * workflow's layer has as a variable hides a secret of that name in the environment's, and the other way round. Webhooks are left
 * out: nothing that runs reads them.
 */
export function effectiveSettings(environment: Settings, workflow: Settings): Settings {
  const { channel, masked, runner = environment.runner } = workflow;
  return defined<Settings>({
    ...mergedChoice(environment, workflow),
    variables: merged(without(environment.variables, workflow.secrets), workflow.variables),
    secrets: merged(without(environment.secrets, workflow.variables), workflow.secrets),
    steps: mergedSteps(environment.steps, workflow.steps),
    limits: merged(environment.limits, workflow.limits),
    mcpServers: merged(environment.mcpServers, workflow.mcpServers),
    dataSources: merged(environment.dataSources, workflow.dataSources),
    runner,
    channel,
    masked,
  });
}

function mergedChoice(wide: ModelChoice, narrow: ModelChoice): ModelChoice {
  const { provider = wide.provider, model = wide.model } = narrow;
  return defined<ModelChoice>({
    provider,
    model,
    modelParameters: merged(wide.modelParameters, narrow.modelParameters),
  });
}

function mergedSteps(wide: Settings['steps'], narrow: Settings['steps']): Settings['steps'] {
  if (wide === undefined || narrow === undefined) return narrow ?? wide;
  const both = Object.entries(narrow).map(([id, choice]): [string, ModelChoice] => {
    const wider = Object.hasOwn(wide, id) ? wide[id] : undefined;
    return [id, wider === undefined ? choice : mergedChoice(wider, choice)];
  });
  return { ...wide, ...Object.fromEntries(both) };
}

function merged<Held extends object>(wide: Held | undefined, narrow: Held | undefined): Held | undefined {
  return wide === undefined || narrow === undefined ? (narrow ?? wide) : { ...wide, ...narrow };
}

function without<Value>(
  held: Readonly<Record<string, Value>> | undefined,
  hidden: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, Value>> | undefined {
  if (held === undefined || hidden === undefined) return held;
  return Object.fromEntries(Object.entries(held).filter(([name]) => !Object.hasOwn(hidden, name)));
}

/** Leaves out what is undefined, so that nothing looks like something that was said. */
function defined<Whole extends object>(parts: { [Key in keyof Whole]: Whole[Key] | undefined }): Whole {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Whole;
}
