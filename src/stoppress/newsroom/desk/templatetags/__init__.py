"""What desk templates call."""
