'use client'
import { useEffect } from 'react'

export default function Page() {
  useEffect(() => void import('../entry.js'), [])
  return <main>host</main>
}
