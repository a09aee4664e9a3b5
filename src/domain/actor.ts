/** Who acts, and by which way it reached Towpath. Roles are never part of it: they are looked up again at the act. */
export interface Actor {
  workspaceId: string;
  /** A Slack user id; `api`, `clock` or `file` where nobody in particular acts; `token:NAME` for what runs workflows. */
  userId: string;
  via: 'slack' | 'api' | 'clock' | 'file';
  /** By which kept token, where by one. */
  token?: ActingToken;
}

export interface ActingToken {
  readonly name: string;
  /** One of `towpath login`: its person acts. */
  readonly isPersonal: boolean;
}

/** Whether a person acts themselves: in Slack, or by a token of their own. An application's token is nobody (rule 4). */
export function isPersonsAct({ via, token }: Actor): boolean {
  return via === 'slack' || token?.isPersonal === true;
}
