import type { Cloud } from '../../cloud/cloud.ts';
import { printable } from '../../output/printable.ts';
import { type Command, defineCommand } from '../../program/define-command.ts';
import { type Argument, argument, choiceArgument, choiceOption } from '../../program/parameters.ts';
import { confirm } from '../../prompts/confirm.ts';
import { ROLES } from '../../services/teams/roles.ts';
import type { Team } from '../../services/teams/team.ts';

interface TeamPlace {
  /** What the commands begin with. */
  readonly noun: 'product' | 'org';
  readonly place: Argument<string>;
  /** What a place is called in an example. */
  readonly example: string;
  open(cloud: Pick<Cloud, 'call'>, place: string): Promise<Team>;
}

/** The commands of a team: the same for products and organizations. */
export function teamCommands({ noun, place, example, open }: TeamPlace): readonly Command[] {
  const member = argument('E-mail of the member, or the name of an API user');
  const where = noun === 'product' ? 'a product' : 'an organization';
  const list = defineCommand({
    name: `${noun} team list`,
    summary: `List who works ${noun === 'product' ? 'on' : 'in'} ${where}`,
    details: 'Members, invitations that were not answered yet, and API users.',
    args: { place },
    json: '`{ team }`',
    async run({ place }, { cloud, out }) {
      const { teamLines } = await import('../../services/teams/team.ts');
      const team = await (await open(cloud, place)).list();
      out.result({ team }, teamLines(team));
    },
  });
  const invite = defineCommand({
    name: `${noun} team invite`,
    summary: `Invite an account into the team of ${where}`,
    details: 'It gets a mail, and is a member once it accepts. Asks for the role when it is left out.',
    args: { place, username: argument('E-mail of the account') },
    options: { role: choiceOption('--role <role>', 'what it may do', ROLES) },
    examples: [
      { line: `${noun} team invite ${example} bob@example.net --role Developer`, says: 'somebody who builds' },
    ],
    json: '`{ username, role }`',
    async run({ place, username, role: given }, { cloud, out, ask }) {
      const question = `What may ${printable(username)} be?`;
      const choices = ROLES.map((value) => ({ value, label: value }));
      const role = given ?? (await ask.select(question, '--role', choices));
      await (await open(cloud, place)).invite(username, role);
      out.result({ username, role }, `Invited ${printable(username)} as ${role}`);
    },
  });
  const role = defineCommand({
    name: `${noun} team role`,
    summary: `Give a member of the team of ${where} another role`,
    args: { place, username: member, role: choiceArgument('What it may do', ROLES) },
    json: '`{ username, role }`',
    async run({ place, username, role }, { cloud, out }) {
      await (await open(cloud, place)).changeRole(username, role);
      out.result({ username, role }, `${printable(username)} is ${role} now`);
    },
  });
  const remove = defineCommand({
    name: `${noun} team remove`,
    summary: `Remove somebody from the team of ${where}`,
    details: 'A member, an invitation or an API user. It works at once: requests are refused and streams end.',
    args: { place, username: member },
    json: '`{ username }`',
    async run({ place, username }, { cloud, out, ask }) {
      await confirm(ask, `Remove ${printable(username)} from the team of ${printable(place)}?`);
      await (await open(cloud, place)).remove(username);
      out.result({ username }, `Removed ${printable(username)}`);
    },
  });
  const leave = defineCommand({
    name: `${noun} team leave`,
    summary: `Leave the team of ${where}`,
    details: 'For members of every role; whoever owns the place cannot leave it.',
    args: { place },
    json: '`{ team_kind, team_id }`',
    async run({ place }, { cloud, out, ask }) {
      await confirm(ask, `Leave the team of ${printable(place)}?`);
      const { leaveTeam } = await import('../../services/teams/team.ts');
      const left = await leaveTeam(cloud, noun === 'product' ? 'product' : 'organization', place);
      out.result(left, `You left the team of ${printable(place)}`);
    },
  });
  return [list, invite, role, remove, leave];
}
