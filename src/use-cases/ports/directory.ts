/** Who belongs to what, where somebody else keeps it. */
export interface PeopleDirectory {
  /** User ids of those in a Slack user group, disabled ones left out. Rejects where that can't be found out. */
  membersOf(usergroup: string): Promise<readonly string[]>;
}
