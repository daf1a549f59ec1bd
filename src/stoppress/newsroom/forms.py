"""Forms of the desk that look into what they are given."""

from typing import Any

from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from stoppress.newsroom.pictures import validate_file


class PictureFileField(WagtailImageField):
    """A picture file, judged before Wagtail or Pillow make anything of it."""

    def to_python(self, data: Any) -> Any:
        """Refuse what is no sound picture."""
        if data not in self.empty_values:
            validate_file(data)
        return super().to_python(data)


class PictureForm(BaseImageForm):
    """Wagtail's form for pictures, with our file field (WAGTAILIMAGES_IMAGE_FORM_BASE)."""

    file = PictureFileField(label="File")
