package io.github.dbtls.sample.guestbook;

import java.util.List;

import io.github.dbtls.sample.live.HealthAnswer;
import io.github.dbtls.sample.live.LatestHealth;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Controller;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * The page of the guest book.
 */
@Controller
class GuestBookController {

	private static final Log logger = LogFactory.getLog(GuestBookController.class);

	private final LatestHealth latestHealth;

	private final GuestBook guestBook;

	GuestBookController(LatestHealth latestHealth, GuestBook guestBook) {
		this.latestHealth = latestHealth;
		this.guestBook = guestBook;
	}

	@GetMapping("/")
	ModelAndView show() {
		return page(HttpStatus.OK).addObject("entry", GuestBookEntry.EMPTY);
	}

	@PostMapping("/")
	ModelAndView add(@ModelAttribute("entry") GuestBookEntry entry, BindingResult result) {
		entry.validate(result);
		if (result.hasErrors()) {
			return page(HttpStatus.UNPROCESSABLE_CONTENT);
		}
		try {
			this.guestBook.add(entry);
		}
		catch (DataAccessException ex) {
			logger.warn("An entry cannot be saved", ex);
			result.reject("unsaved", "The entry is not saved: the database cannot be reached. Please try again.");
			return page(HttpStatus.SERVICE_UNAVAILABLE);
		}
		return new ModelAndView("redirect:/#guest-book", HttpStatus.SEE_OTHER);
	}

	private ModelAndView page(HttpStatusCode status) {
		HealthAnswer connection = this.latestHealth.health();
		ModelAndView page = new ModelAndView("index");
		page.setStatus(status);
		page.addObject("connection", connection);
		page.addObject("entries", connection.isUp() ? entries() : List.of());
		return page;
	}

	private List<GuestBookEntry> entries() {
		try {
			return this.guestBook.latest();
		}
		catch (DataAccessException ex) {
			// The connection broke since it was reported up.
			logger.warn("The entries cannot be read", ex);
			return List.of();
		}
	}

}
