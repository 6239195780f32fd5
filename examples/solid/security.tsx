/** @jsxImportSource solid-js */
import { useActorRef } from '@xstate/solid'
import type { SecurityCard } from 'postlogin'
import { createEffect, For, onCleanup, Show } from 'solid-js'
import type { Host } from '../shared/host.ts'
import { isBusy, showSecurity, withoutCards } from '../shared/page.ts'
import * as words from '../shared/words.ts'
import { createSecurityScreen, FlowProvider } from './flow.ts'
import { Body, Footer, having } from './page.tsx'
import { ActionButton } from './parts.tsx'

/** Cards that are opened and closed. */
export function SecurityPage({ machines, snapshot, keep }: Host<'securityCenter'>) {
  const center = useActorRef(machines.securityCenter, snapshot === undefined ? {} : { snapshot })
  const screen = createSecurityScreen(center)
  /** All cards, or null where the page has ended as a whole. */
  const cards = () => {
    const shown = screen()
    return shown.name === 'securityCenter' ? shown.cards : null
  }
  const names = ['mfa', 'ipWhitelist', 'sessions', 'invitations'] as const
  const whole = () => {
    const shown = screen()
    return shown.name === 'securityCenter' ? null : withoutCards(shown)
  }
  onCleanup(keep(center))
  createEffect(() => showSecurity(screen()))
  return (
    <FlowProvider value={center}>
      <header class="bar">
        <p class="brand">SlaunchX</p>
      </header>
      <Show when={cards()}>
        {(cards) => (
          <main class="cards" aria-busy={Object.values(cards()).some(({ screen }) => isBusy(screen))}>
            <h1 tabindex={-1}>{words.security.title}</h1>
            <p class="lead">{words.security.lead}</p>
            <For each={names}>{(name) => <Show when={cards()[name]}>{(card) => <Card card={card()} />}</Show>}</For>
          </main>
        )}
      </Show>
      <Show when={whole()}>
        {(screen) => (
          <main class="cards" aria-busy={false}>
            <h1 tabindex={-1}>{words.titles[screen().name]}</h1>
            <p class="lead">{words.leads[screen().name]}</p>
            <section class="card">
              <Body screen={screen()} />
            </section>
          </main>
        )}
      </Show>
    </FlowProvider>
  )
}

function Card(props: { card: SecurityCard }) {
  const title = () => words.stepTitles[props.card.name]
  const { security } = words
  return (
    <section class="card folded" aria-labelledby={`card-${props.card.name}`} aria-busy={isBusy(props.card.screen)}>
      <div class="head">
        <h2 id={`card-${props.card.name}`}>{title()}</h2>
        <Show when={props.card.open ?? props.card.close}>
          {(action) => (
            <ActionButton
              label={props.card.open ? security.open : security.close}
              name={props.card.open ? security.openCard(title()) : security.closeCard(title())}
              action={action()}
              isExpanded={props.card.open === null}
            />
          )}
        </Show>
      </div>
      <Show when={props.card.screen}>
        {(screen) => (
          <>
            <Body screen={screen()} />
            <Show when={having('finish', screen())}>{(screen) => <Footer screen={screen()} />}</Show>
          </>
        )}
      </Show>
    </section>
  )
}
