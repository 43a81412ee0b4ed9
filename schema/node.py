"""Things that have an id of their own."""

import strawberry


@strawberry.interface
class Node:
    id: strawberry.ID
