// What the test hands in, and what it gets back.
export const given = JSON.parse(process.argv[2]);
export const headers = { authorization: `Bearer ${given.token}` };
export const url = `${given.gateway}/graphql`;
export const socketUrl = url.replace(/^http/, "ws");

export const VIEWER = "query Viewer { viewer { id name } }";
export const UPDATES = "subscription Updates($id: ID!) { progressUpdated(courseId: $id) { completed total } }";
export const COMPLETE = `mutation Complete($lesson: ID!, $key: ID!) {
  completeLesson(input: { lessonId: $lesson, key: $key }) {
    __typename
    ... on LessonCompleted { progress { completed } }
  }
}`;

export function tell(told) {
  process.stdout.write(JSON.stringify(told) + "\n", () => process.exit(0));
}

// The n-th lesson is completed by a plain request, as another device of the viewer's would.
export async function complete(n) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ query: COMPLETE, variables: { lesson: given.lessons[n], key: `key-${n}` } }),
  });
  return (await answer.json()).data.completeLesson.progress.completed;
}
