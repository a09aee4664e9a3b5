import type { Person, Role } from '../../src/domain/person.ts';

/** A full member of the workspace with a role, in all departments unless told otherwise. */
export function person(userId: string, role: Role, but: Partial<Person> = {}): Person {
  return {
    userId,
    name: userId.toLowerCase(),
    standing: 'member',
    role,
    departments: [],
    managedByFile: false,
    ...but,
  };
}

export const member = (userId: string, but: Partial<Person> = {}) => person(userId, 'member', but);
export const lead = (userId: string, but: Partial<Person> = {}) => person(userId, 'lead', but);
export const admin = (userId: string, but: Partial<Person> = {}) => person(userId, 'admin', but);

/** People by user id, as facts carry them. */
export function asMap(people: readonly Person[]): Map<string, Person> {
  return new Map(people.map((one) => [one.userId, one]));
}
