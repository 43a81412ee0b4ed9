"""What somebody is to a class, and what follows from it."""

from dataclasses import dataclass

from services.contracts.learning import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """`role` is that in the course; one who `gives` the class teaches it whatever else they are."""

    is_enrolled: bool
    role: Role | None
    operates: bool
    gives: bool

    @property
    def teaches(self) -> bool:
        return self.gives or self.role is Role.TEACHER or self.operates

    @property
    def takes_part(self) -> bool:
        return self.is_enrolled or self.teaches

    @property
    def shown(self) -> Role:
        """As what the others see them."""
        if self.gives or self.role is Role.TEACHER:
            return Role.TEACHER
        return Role.OPERATOR if self.operates else Role.LEARNER
