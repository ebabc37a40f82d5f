import type { ReactNode } from "react";

/** A screen that is not the desk: a heading, what can be done, and the rest below. */
export function Page({ title, hint, actions, children }: { title: string; hint?: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <main className="min-h-0 flex-1 overflow-y-auto bg-paper" tabIndex={-1}>
      <div className="mx-auto w-full max-w-6xl px-6 py-8">
        <div className="mb-6 flex flex-wrap items-end justify-between gap-3">
          <div>
            <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
            {hint && <p className="mt-1 max-w-2xl text-muted">{hint}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
        {children}
      </div>
    </main>
  );
}

/** Cards of one size while what they show is on its way. */
export function LoadingCards({ label }: { label: string }) {
  return (
    <div role="status" className="grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-4">
      <span className="sr-only">{label}</span>
      {Array.from({ length: 8 }, (_, at) => (
        <div key={at} aria-hidden="true" className="h-56 rounded-lg border border-hairline bg-surface">
          <div className="h-40 rounded-t-lg bg-sunken" />
          <div className="m-3 h-3 w-32 rounded bg-sunken" />
        </div>
      ))}
    </div>
  );
}
