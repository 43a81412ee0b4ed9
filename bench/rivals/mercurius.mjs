// Mercurius with JIT: the same contract, the same school, tokens verified and depth limited.
// node mercurius.mjs PORT SCHOOL JWK DEPTH ISSUER AUDIENCE
import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { createVerifier } from 'fast-jwt'

const [port, school, jwk, depth, issuer, audience] = process.argv.slice(2)
const { viewers, courses, progress, teachers } = JSON.parse(readFileSync(school))
const pem = createPublicKey({ key: JSON.parse(jwk), format: 'jwk' })
  .export({ type: 'spki', format: 'pem' })
const verify = createVerifier({
  key: pem, algorithms: ['EdDSA'], cache: true, allowedIss: issuer, allowedAud: audience
})

const schema = `
  type School { id: ID! name: String! }
  type Progress { completed: Int! total: Int! ratio: Float! lastAt: String! }
  type Teacher {
    id: ID! name: String! mail: String! room: String! phone: String! hours: String!
  }
  type Course {
    id: ID! title: String! code: String! isOpen: Boolean! seats: Int! startsAt: String!
    about: String! progress: Progress teacher: Teacher
  }
  type Viewer {
    id: ID! name: String! mail: String! school: School!
    courses(after: Int!, take: Int!): [Course!]!
  }
  type Query { viewer(who: String!): Viewer! }
`
const resolvers = {
  Query: { viewer: async (_, { who }) => viewers[who] },
  Viewer: { courses: async (_, { after, take }) => courses.slice(after, after + take) }
}
// Asked once for all courses of a level; nothing is kept.
const loaders = {
  Course: {
    progress: {
      loader: async (queries) => queries.map(({ obj }) => progress[obj.id]),
      opts: { cache: false }
    },
    teacher: {
      loader: async (queries) => queries.map(({ obj }) => teachers[obj.id]),
      opts: { cache: false }
    }
  }
}

const app = Fastify()
app.addHook('onRequest', async (request, reply) => {
  try {
    request.viewer = verify((request.headers.authorization ?? '').slice('Bearer '.length))
  } catch {
    return reply.code(401).send('Unauthorized')
  }
})
app.register(mercurius, {
  schema, resolvers, loaders, jit: 1, queryDepth: Number(depth), path: '/graphql'
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
