"""What can be wrong with a question for numbers."""

from stoppress.newsroom.errors import NewsroomError


class BadQuestion(NewsroomError):
    """An address that asks for numbers in a way that can't be answered; says what can."""
