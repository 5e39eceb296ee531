/** What the palette offers for a text: commands at once, records and contacts as soon as the desk found them. */
import { Archive, ScanSearch, User, type LucideIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import { commandGroups } from '../../app/commands.ts';
import { features } from '../../app/feature.ts';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { found } from './match.ts';

export interface Item {
  readonly title: string;
  readonly more?: string | undefined;
  readonly icon: LucideIcon;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

export interface ItemGroup {
  /** The key of its name among the texts. */
  readonly title: string;
  readonly items: readonly Item[];
}

/** As many records, and as many contacts, as are shown. */
const most = 6;
/** The longest text that the lists take. */
const longest = 200;

function commandItems(t: Text, text: string): readonly ItemGroup[] {
  return commandGroups().map(({ title, commands }) => {
    const items = commands
      .filter(({ keyOnly }) => keyOnly !== true)
      .map((command): Item => ({ ...command, title: t(command.title) }));
    return { title, items: found(text, items, (item) => item.title) };
  });
}

async function recordItems(text: string): Promise<readonly Item[]> {
  const answer = await api.recordsPage({ text, state: 'any', method: 'any', offset: 0, limit: most });
  if (!answer.ok) return [];
  return answer.value.rows.map(({ id, name, matter }) => ({
    title: name,
    more: matter,
    icon: Archive,
    run: () => {
      go(`records/${id}`);
    },
  }));
}

async function contactItems(text: string): Promise<readonly Item[]> {
  if (text === '') return [];
  const answer = await api.contactsPage({ text, limit: most });
  if (!answer.ok) return [];
  return answer.value.rows.map(({ id, name, says }) => ({
    title: name,
    more: says.firm,
    icon: User,
    run: () => {
      go(`contacts/${id}`);
    },
  }));
}

/** Handing the text on to the views that look things up. */
function lookUps(t: Text, text: string): readonly Item[] {
  if (text === '') return [];
  return features.flatMap(({ lookUp }) =>
    lookUp === undefined
      ? []
      : [
          {
            title: t(lookUp.title, { text }),
            icon: ScanSearch,
            run: () => {
              go(lookUp.to(text));
            },
          },
        ],
  );
}

/** Records and contacts that fit; what was found for another text is not shown. */
function useFound(text: string, isAsked: boolean): readonly ItemGroup[] {
  const [last, setLast] = useState<{ readonly text: string; readonly groups: readonly ItemGroup[] }>();
  useEffect(() => {
    if (!isAsked) return undefined;
    let isWanted = true;
    void Promise.all([recordItems(text), contactItems(text)]).then(([records, contacts]) => {
      const groups = [
        { title: text === '' ? 'palette.recent' : 'palette.records', items: records },
        { title: 'palette.contacts', items: contacts },
      ];
      if (isWanted) setLast({ text, groups });
    });
    return () => {
      isWanted = false;
    };
  }, [text, isAsked]);
  return last?.text === text ? last.groups : [];
}

/** Everything that fits a text, in groups; groups without anything are left out. */
export function useItems(typed: string): readonly ItemGroup[] {
  const t = useText();
  const text = typed.trim().slice(0, longest);
  const profile = useDesk('profile');
  const others = useFound(text, profile?.identity.state === 'open');
  const finds = profile === null ? [] : lookUps(t, text);
  const commands = commandItems(t, text);
  const last = { title: 'palette.find', items: finds };
  // Without a text, what was recorded last is nearer than what can be done.
  const places = text === '' ? commands.length - 1 : commands.length;
  const groups = [...commands.slice(0, places), ...others, ...commands.slice(places), last];
  return groups.filter(({ items }) => items.length > 0);
}
