import type { Canal } from '../use-cases/open-canal.ts';

/** Brings a workflow so far that v2 is a canary beside v1 in production, and v3 beside v2 in staging. */
export async function startCanaries(canal: Canal, workflow: string): Promise<void> {
  const ask = async (environment: string, by: string, canary?: number) => {
    const result = await canal.useCases.requestPromotion({
      actor: canal.as('U0DEV'),
      ...{ workflow, environment },
      ...(canary === undefined ? {} : { canary }),
    });
    if (result.kind !== 'opened') throw new Error(`Nothing was opened, but ${result.kind}.`);
    await canal.approve(by, result.promotion.id);
  };
  const deploy = async (prompt: string) => {
    await canal.push(prompt, workflow);
    await canal.deploy(undefined, workflow);
  };
  await deploy('first');
  await ask('staging', 'U0LEE');
  await ask('production', 'U0ADA');
  await deploy('second');
  await ask('staging', 'U0LEE');
  await ask('production', 'U0ADA', 1_000);
  await deploy('third');
  await ask('staging', 'U0LEE', 1_000);
}
