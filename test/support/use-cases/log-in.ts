import type { UseCases } from '../../../src/use-cases/use-cases.ts';

/** A token of somebody's own, confirmed by them in Slack. */
export async function logIn(
  useCases: Pick<UseCases, 'startLogin' | 'findLogin' | 'confirmLogin' | 'collectLogin'>,
  who: { workspaceId: string; userId: string },
): Promise<{ text: string; name: string }> {
  const actor = { ...who, via: 'slack' } as const;
  const { workspaceId } = who;
  const { code, deviceCode } = await useCases.startLogin({ workspaceId, device: 'test' });
  const { id: loginId } = await useCases.findLogin({ actor, code });
  await useCases.confirmLogin({ actor, loginId });
  const answer = await useCases.collectLogin({ workspaceId, deviceCode });
  if (answer.kind !== 'token') throw new Error(`Nothing was handed out, but ${answer.kind}.`);
  return { text: answer.text, name: answer.token.name };
}
