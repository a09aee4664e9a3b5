/** Who acts, and by which way it reached Towpath. Roles are never part of it: they are looked up again at the act. */
export interface Actor {
  workspaceId: string;
  /** A Slack user id; `api`, `clock` or `file` where nobody in particular acts; `token:NAME` for what runs workflows. */
  userId: string;
  via: 'slack' | 'api' | 'clock' | 'file';
}
