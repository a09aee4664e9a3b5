import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { ROLES, type Role } from '../person.ts';
import { type PolicyPart, said } from './policy-part.ts';

interface Labelled {
  /** What the place is called on the card, such as `stakeholder`. */
  label?: string;
}
/** `count` people who hold at least `role`. */
export interface RoleRule extends Labelled {
  role: Role;
  count: number;
}
/** `count` of these people, by Slack user id. */
export interface PeopleRule extends Labelled {
  people: readonly string[];
  count: number;
}
/** `count` members of a Slack user group, as it is when it is looked up. */
export interface UserGroupRule extends Labelled {
  usergroup: string;
  count: number;
}
/** `count` of those on call now: a Slack user group that the tool for it keeps. */
export interface OnCallRule extends Labelled {
  onCall: string;
  count: number;
}
/** The workflow's owner. */
export interface OwnerRule extends Labelled {
  owner: true;
}

/** Who has to approve: so many different people who fit, one place each. */
export type ApprovalRule = RoleRule | PeopleRule | UserGroupRule | OnCallRule | OwnerRule;

/** How many people a rule asks for. */
export function placesOf(rule: ApprovalRule): number {
  return 'owner' in rule ? 1 : rule.count;
}

/** The user groups whose members have to be looked up to judge by these rules, once each. */
export function userGroupsOf(rules: readonly ApprovalRule[]): string[] {
  const named = rules.flatMap((rule) => {
    if ('usergroup' in rule) return [rule.usergroup];
    return 'onCall' in rule ? [rule.onCall] : [];
  });
  return [...new Set(named)];
}

/** The lowest role that somebody may hold who fits one of the rules. With no rule: admin. */
export function lowestRoleOf(rules: readonly ApprovalRule[]): Role {
  const lowest = rules.map((rule) => ('role' in rule ? ROLES.indexOf(rule.role) : 0));
  return ROLES[Math.min(ROLES.length - 1, ...lowest)] ?? 'admin';
}

const label = { label: z.string().exactOptional() };
const keptRule: z.ZodType<ApprovalRule> = z.union([
  z.looseObject({ role: z.enum(ROLES), count: z.int(), ...label }),
  z.looseObject({ people: z.array(z.string()), count: z.int(), ...label }),
  z.looseObject({ usergroup: z.string(), count: z.int(), ...label }),
  z.looseObject({ onCall: z.string(), count: z.int(), ...label }),
  z.looseObject({ owner: z.literal(true), ...label }),
]);

const ONE_OF = 'has to name exactly one of role, people, usergroup, onCall or owner: true';
const userGroup = z.string().regex(/^S[A-Z0-9]{2,30}$/, {
  error: "has to be a Slack user group's id, such as S012ABCDEF (in Slack: the group's menu, “Copy group ID”)",
});
const person = z.string().regex(/^[UW][A-Z0-9]{2,30}$/, {
  error: "has to be a Slack user id, such as U012ABCDEF (in Slack: a person's profile, “Copy member ID”)",
});

const written = closedObject({
  role: z
    .enum(['member', 'lead', 'admin'], { error: 'has to be member, lead or admin' })
    .optional()
    .describe('The least role that counts.'),
  people: z.array(person).min(1).max(50).optional().describe('Slack user ids of those who count.'),
  usergroup: userGroup.optional().describe('Id of a Slack user group, whose members count.'),
  onCall: userGroup.optional().describe('Id of the Slack user group that holds whoever is on call.'),
  owner: z.literal(true, { error: 'has to be true' }).optional().describe("true: the workflow's owner."),
  count: z.number().int().min(1).max(10).optional().describe('How many people. Left out: 1.'),
  label: z
    .string()
    .regex(/^[^\p{Cc}<>&`]{1,40}$/u, { error: 'has to be one to 40 characters, without <, >, & and backticks' })
    .optional()
    .describe('What the card calls it, such as stakeholder.'),
});
const yamlRule = written.transform((rule, context): ApprovalRule => {
  const asked = toRule(rule);
  if (typeof asked === 'object') return asked;
  context.addIssue({ code: 'custom', message: asked });
  return z.NEVER;
});

/** The rule, or what is wrong with it. */
function toRule({ role, people, usergroup, onCall, owner, count = 1, label: name }: z.infer<typeof written>) {
  const kinds = [role, people, usergroup, onCall, owner].filter((one) => one !== undefined);
  if (kinds.length !== 1) return ONE_OF;
  const named = said({ label: name });
  if (role !== undefined) return { role, count, ...named };
  if (usergroup !== undefined) return { usergroup, count, ...named };
  if (onCall !== undefined) return { onCall, count, ...named };
  if (people === undefined) return count === 1 ? { owner: true as const, ...named } : 'names one person, the owner';
  const different = [...new Set(people)];
  if (different.length < count) return `asks for ${count} of ${different.length}; name more people, or ask for fewer`;
  return { people: different, count, ...named };
}

/** What two rules have to share to be the same one, with another count. */
function sameness(rule: ApprovalRule): string {
  const { label: name = null } = rule;
  if ('role' in rule) return JSON.stringify(['role', rule.role, name]);
  if ('people' in rule) return JSON.stringify(['people', [...rule.people].sort(), name]);
  if ('usergroup' in rule) return JSON.stringify(['usergroup', rule.usergroup, name]);
  return JSON.stringify('onCall' in rule ? ['onCall', rule.onCall, name] : ['owner', name]);
}

/** Each rule of `b` raises one of `a` that is the same but for its count; the others are appended. */
function stricterRules(a: readonly ApprovalRule[], b: readonly ApprovalRule[]): ApprovalRule[] {
  const rules = [...a];
  const raised = new Set<number>();
  for (const rule of b) {
    const same = a.findIndex((other, i) => !raised.has(i) && sameness(other) === sameness(rule));
    if (same === -1) rules.push(rule);
    else {
      raised.add(same);
      const other = a[same] ?? rule;
      rules[same] = placesOf(rule) > placesOf(other) ? rule : other;
    }
  }
  return rules;
}

export const approvalsPart: PolicyPart<readonly ApprovalRule[]> = {
  yaml: z.array(yamlRule).max(5),
  kept: z.array(keptRule),
  stricter: stricterRules,
};
