import { useActorRef } from '@xstate/react'
import { type Screen, type SecurityCard, screenOf } from 'postlogin'
import { type ReactNode, useEffect, useMemo } from 'react'
import type { Host } from '../shared/host.ts'
import { isBusy, showSecurity, withoutCards } from '../shared/page.ts'
import * as words from '../shared/words.ts'
import { ActsOn, useSnapshotOf } from './flow.ts'
import { Body, Footer } from './page.tsx'
import { ActionButton } from './parts.tsx'

/** Cards that are opened and closed. */
export function SecurityPage({ machines, snapshot, keep }: Host<'securityCenter'>) {
  const center = useActorRef(machines.securityCenter, snapshot === undefined ? {} : { snapshot })
  const now = useSnapshotOf(center)
  const screen = useMemo(() => screenOf(now), [now])
  useEffect(() => keep(center), [keep, center])
  useEffect(() => showSecurity(screen), [screen])
  return (
    <ActsOn value={center}>
      <header className="bar">
        <p className="brand">SlaunchX</p>
      </header>
      {screen.name === 'securityCenter' ? (
        <Cards cards={Object.values(screen.cards)} />
      ) : (
        <Whole screen={withoutCards(screen)} />
      )}
    </ActsOn>
  )
}

interface FrameProps {
  readonly title: string
  readonly lead: string
  readonly isAnyBusy?: boolean
  readonly children: ReactNode
}

const Frame = ({ title, lead, isAnyBusy = false, children }: FrameProps) => (
  <main key={title} className="cards" aria-busy={isAnyBusy}>
    <h1 tabIndex={-1}>{title}</h1>
    <p className="lead">{lead}</p>
    {children}
  </main>
)

const Cards = ({ cards }: { cards: readonly SecurityCard[] }) => (
  <Frame {...words.security} isAnyBusy={cards.some(({ screen }) => isBusy(screen))}>
    {cards.map((card) => (
      <Card key={card.name} {...card} />
    ))}
  </Frame>
)

function Card({ name, screen, open, close }: SecurityCard) {
  const title = words.stepTitles[name]
  const action = open ?? close
  const { security } = words
  const [label, named] =
    open === null ? [security.close, security.closeCard(title)] : [security.open, security.openCard(title)]
  return (
    <section className="card folded" aria-labelledby={`card-${name}`} aria-busy={isBusy(screen)}>
      <div className="head">
        <h2 id={`card-${name}`}>{title}</h2>
        {action && <ActionButton label={label} name={named} action={action} isExpanded={open === null} />}
      </div>
      {screen && <Body screen={screen} />}
      {screen && 'finish' in screen && <Footer screen={screen} />}
    </section>
  )
}

const Whole = ({ screen }: { screen: Screen }) => (
  <Frame title={words.titles[screen.name]} lead={words.leads[screen.name]}>
    <section className="card">
      <Body screen={screen} />
    </section>
  </Frame>
)
