package io.github.dbtls.sample.orders;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Starts and stops the load of orders.
 */
@RestController
class LoadController {

	private final OrderLoad load;

	LoadController(OrderLoad load) {
		this.load = load;
	}

	@PostMapping("/load")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void start() {
		this.load.start();
	}

	@DeleteMapping("/load")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void stop() {
		this.load.stop();
	}

}
