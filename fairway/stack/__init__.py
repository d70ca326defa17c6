"""A private RabbitMQ and PostgreSQL for one checkout, and the background processes beside them."""
