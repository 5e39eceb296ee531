/** Controls of the design system: what every screen is made of. */
import {
  Check,
  CircleAlert,
  CircleCheck,
  Clock,
  Copy,
  Info,
  type LucideIcon,
  Send,
  TriangleAlert,
} from 'lucide-react';
import { type ButtonHTMLAttributes, type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../i18n/text.ts';
import { useCopied } from './use-copied.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'calm';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: 'primary' | 'usual' | 'plain';
  readonly icon?: LucideIcon;
}

export function Button({ kind = 'usual', icon: Icon, children, className, ...rest }: ButtonProps) {
  const names = ['button', kind, children === undefined ? 'icon-only' : undefined, className];
  return (
    <button type="button" {...rest} className={names.filter(Boolean).join(' ')}>
      {Icon === undefined ? null : <Icon size={16} aria-hidden />}
      {children}
    </button>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly wrong?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'password' | 'search';
  readonly placeholder?: string;
  readonly lines?: number;
  readonly maxLength?: number;
  readonly autoFocus?: boolean;
  readonly mono?: boolean;
}

/** A labelled field for a line of text, or for several. */
export function Field({ label, hint, wrong, value, onChange, lines, type = 'text', ...rest }: FieldProps) {
  const id = useId();
  const { mono, autoFocus, ...others } = rest;
  const ref = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    if (autoFocus === true) ref.current?.focus();
  }, [autoFocus]);
  const common = {
    ...others,
    id,
    ref,
    value,
    className: mono === true ? 'input mono' : 'input',
    spellCheck: false,
    autoComplete: 'off',
    'aria-invalid': wrong !== undefined,
    'aria-describedby': wrong !== undefined || hint !== undefined ? `${id}-more` : undefined,
    onChange: (event: { readonly target: { readonly value: string } }) => {
      onChange(event.target.value);
    },
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {lines === undefined ? <input {...common} type={type} /> : <textarea {...common} rows={lines} />}
      {wrong !== undefined ? (
        <span id={`${id}-more`} className="wrong">
          {wrong}
        </span>
      ) : hint === undefined ? null : (
        <span id={`${id}-more`} className="hint">
          {hint}
        </span>
      )}
    </div>
  );
}

interface Choice<T extends string> {
  readonly value: T;
  readonly title: string;
  readonly more?: string;
}

interface ChoicesProps<T extends string> {
  readonly legend: string;
  readonly choices: readonly Choice<T>[];
  /** Undefined where nothing is to be chosen in advance. */
  readonly value: T | undefined;
  readonly onChange: (value: T) => void;
  readonly className?: string;
  /** A title in sight says the same. */
  readonly isTitled?: boolean;
}

/** One of a few choices, each with a sentence. */
export function Choices<T extends string>(props: ChoicesProps<T>) {
  const { legend, choices, value, onChange, className, isTitled } = props;
  const name = useId();
  return (
    <fieldset className={`choices ${className ?? ''}`}>
      <legend className={isTitled === true ? 'visually-hidden' : undefined}>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="choice">
          <input
            type="radio"
            name={name}
            checked={choice.value === value}
            onChange={() => {
              onChange(choice.value);
            }}
          />
          <span className="title">{choice.title}</span>
          {choice.more === undefined ? null : <span className="more">{choice.more}</span>}
        </label>
      ))}
    </fieldset>
  );
}

interface PickProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** A choice from a short list, in one line. */
export function Pick<T extends string>({ label, value, options, onChange }: PickProps<T>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        onChange={({ target }) => {
          const found = options.find((option) => option.value === target.value);
          if (found !== undefined) onChange(found.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

const toneIcons: Readonly<Record<Tone, LucideIcon>> = {
  good: CircleCheck,
  warn: Clock,
  bad: CircleAlert,
  calm: Send,
};

/** How something stands: never by colour alone. */
export function Status({ tone, icon, children }: { tone: Tone; icon?: LucideIcon; children: ReactNode }) {
  const Icon = icon ?? toneIcons[tone];
  return (
    <span className={`status ${tone}`}>
      <Icon size={15} aria-hidden />
      {children}
    </span>
  );
}

interface NoticeProps {
  readonly tone: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Read out at once when it appears. */
  readonly urgent?: boolean;
}

const noticeIcons: Readonly<Record<Tone, LucideIcon>> = {
  good: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  calm: Info,
};

/** Something that a person should know, with the next step. */
export function Notice({ tone, title, children, action, urgent }: NoticeProps) {
  const Icon = noticeIcons[tone];
  return (
    <div className={`notice ${tone}`} role={urgent === true ? 'alert' : 'status'}>
      <Icon size={18} aria-hidden />
      <div>
        <div className="title">{title}</div>
        {children === undefined ? null : <div className="body">{children}</div>}
      </div>
      {action ?? <span />}
    </div>
  );
}

/** How far some work is. @param of 0 while it is not known. */
export function Progress({ label, done, of }: { label: string; done: number; of: number }) {
  const part = of === 0 ? 0 : Math.min(1, done / of);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (ref.current !== null) ref.current.style.width = `${part * 100}%`;
  }, [part]);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={done}
    >
      <div ref={ref} />
    </div>
  );
}

/** What stands where a list has nothing to show, and teaches the next step. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <div>{children}</div>
      {action === undefined ? null : <div className="row">{action}</div>}
    </div>
  );
}

/** The beginning of a long name in hexadecimal. */
export function ShortHash({ value }: { value: string }) {
  return (
    <span className="hash" title={value}>
      {`${value.slice(0, 12)}…`}
    </span>
  );
}

/** A long name in hexadecimal, whole, and a button that copies it. */
export function Hash({ value }: { value: string }) {
  const t = useText();
  const { isCopied, copy } = useCopied();
  const label = isCopied ? t('common.copied') : t('common.copy', { start: value.slice(0, 8) });
  return (
    <span className="hash">
      {value}
      <Button
        kind="plain"
        className="copy no-print"
        icon={isCopied ? Check : Copy}
        aria-label={label}
        title={label}
        onClick={() => {
          copy(value);
        }}
      />
    </span>
  );
}

/** Facts with their names, one to a line. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
