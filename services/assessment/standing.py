"""What somebody is in the course of an assessment, and what follows from it."""

from dataclasses import dataclass

from asyncpg import Record

from services.contracts.learning import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """`role` is that in the course, `roles` are those in the tenant."""

    role: Role | None
    roles: frozenset[Role]

    @classmethod
    def of(cls, row: Record) -> "Standing":
        """Of the columns `role` and `roles`."""
        role = None if row["role"] is None else Role(row["role"])
        return cls(role, frozenset(map(Role, row["roles"] or ())))

    @property
    def teaches(self) -> bool:
        return self.role is Role.TEACHER or Role.OPERATOR in self.roles

    @property
    def supervises(self) -> bool:
        """Nobody watches over a course that they learn in."""
        return self.teaches or (Role.PROCTOR in self.roles and self.role is not Role.LEARNER)

    @property
    def takes_part(self) -> bool:
        return self.role is not None or Role.OPERATOR in self.roles
